"""`python -m lufeng_crawler` is the command `lufeng`."""

from lufeng_crawler.cli import main

main(prog_name="lufeng")
