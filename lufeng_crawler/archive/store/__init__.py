"""The archive as a whole: opened, appended to, replayed, rebuilt, merged; turns a capture and its reading into rows."""
