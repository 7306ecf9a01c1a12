# ruff: noqa: E501 -- the pagers are markup as systems write it
"""Tests what a page says of its listing's length, with the pagers of many systems as these write them."""

from __future__ import annotations

from typing import NamedTuple

import pytest

from lufeng_crawler.items import Capture, Extent, Listing
from lufeng_crawler.pages import read

HERE = "http://www.lanwan.example/xw/"
URL = HERE + "list.htm"


def rows(count: int = 10, start: int = 1, attributes: str = "") -> str:
    return "".join(
        f"<li{attributes}><a href='/art/{n}.htm'>鹿峰县第{n}批重点项目集中开工</a><span>2024-05-{n % 28 + 1:02}</span></li>"
        for n in range(start, start + count)
    )


def listing(pager: str, url: str = URL, lines: str = "", charset: str = "utf-8") -> Listing:
    html = (
        f"<html><head><meta charset={charset}><title>县内要闻</title></head><body>"
        "<div class='nav'><a href='/'>首页</a><a href='/zw/'>政务公开</a></div>"
        f"<div class='main'><ul class='list'>{lines or rows()}</ul>{pager}</div><div class='foot'>联系我们</div></body></html>"
    )
    headers = (("Content-Type", "text/html"),)
    reading = read(Capture(url, "2024-06-01T00:00:00Z", 200, headers, html.encode(charset)))
    assert isinstance(reading, Listing), reading
    return reading


class Told(NamedTuple):
    """What a pager comes to: the next page (after HERE), whether it is the last, and whether a sign of more is kept."""

    next_page: str | None = None
    more: str = ""
    total: int | None = None
    pages: int | None = None
    page: int | None = None
    is_last: bool = False
    has_pager: bool = True


FOLLOWED = {
    "vsb": (
        "<table><tr><td nowrap align=left width=1% id=fanye1015>共138条&nbsp;&nbsp;1/7&nbsp;</td><td><div><span class=PrevDisabled>"
        "首页</span><span class=PrevDisabled>上页</span><a href='list/6.htm' class=Next>下页</a><a href='list/1.htm' class=Next>尾页"
        "</a>&nbsp;&nbsp;<input type=button class=defaultButtonStyle onclick='_simple_list_gotopage_fun(7)' value=转到><input "
        'size=2 id=u_goto onkeydown="if(event.keyCode==13){_simple_list_gotopage_fun(7)}"></div></td></tr></table>',
        Told("list/6.htm", total=138, pages=7, page=1),
    ),
    "vsb, new": (
        "<div class='pb_sys_common pb_sys_normal'><span class=p_pages><span class=p_t>共353条</span><span class='p_first_d p_fun_d'>首页"
        "</span><span class='p_no_d'>1</span><span class=p_no><a href='list/35.htm'>2</a></span><span class='p_next p_fun'><a "
        "href='list/35.htm'>下页</a></span><span class='p_last p_fun'><a href='list/1.htm'>尾页</a></span></span></div>",
        Told("list/35.htm", total=353, page=1),
    ),
    "trs": (
        "<div class=page><script>createPageHTML(25, 0, 'list', 'htm');</script></div>",
        Told("list_1.htm", pages=25, page=1),
    ),
    "sichuan": (
        "<div id=page_div></div><script>createPageHTML('page_div',50, 1,'xwzx','shtml',1000);</script>",
        Told("xwzx_2.shtml", pages=50, page=1),
    ),
    "hanweb form": (
        "<script>function goToPageURL(intPageNum)\n{\n\tdocument.pageForm.currpage.value = intPageNum;\n\t"
        "document.pageForm.submit();\n}</script><form method='post' name='pageForm' action=''><input name='currpage' type='hidden'>"
        "<input type='hidden' name='colid' value='1'></form><div class='hodePage5'><a href='Javascript:goToPageURL(1)'>首页</a>"
        "<b><span class='hodePage5_cur_page'>1</span></b><a href='Javascript:goToPageURL(2)'>2</a><a href='Javascript:"
        "goToPageURL(2)'>下一页</a><a href='Javascript:goToPageURL(16)'>尾页</a> 共312条记录</div>",
        Told("list.htm?__wb_method=POST&currpage=2&colid=1", total=312, page=1),
    ),
    "jsp form by id": (
        "<script>function turn(n){ document.getElementById('pageNo').value = n; document.getElementById('f1').submit(); }</script>"
        "<form id=f1 action='/xw/list.do' method=post><input type=hidden id=pageNo name=pageNo value=1></form>"
        "<a href='javascript:turn(2)'>下一页</a> 当前第1页/共3页",
        Told("list.do?__wb_method=POST&pageNo=2", pages=3, page=1),
    ),
    "jquery form": (
        "<script>function goPage(p){$('#pageNum').val(p);$('#searchForm').submit();}</script><form id=searchForm action='list.do' "
        "method=get><input type=hidden id=pageNum name=pageNum value=1><input type=hidden name=cid value=7></form>"
        "<a onclick='goPage(2)'>下一页</a> 第1/3页",
        Told("list.do?pageNum=2&cid=7", pages=3, page=1),
    ),
    "post form with the next number": (
        "<form method=post action='/xw/list.htm'><input type=hidden name=page value=2><button type=submit>下一页</button></form>"
        "共3页 当前第1页",
        Told("list.htm?__wb_method=POST&page=2", pages=3, page=1),
    ),
    "post form, button counts": (
        "<form method=post action='list.asp'><input type=hidden name=page value=2><input type=submit name=act value=上一页>"
        "<input type=submit name=act value=下一页></form>第2页/共9页",
        Told("list.asp?__wb_method=POST&page=2&act=%E4%B8%8B%E4%B8%80%E9%A1%B5", pages=9, page=2),
    ),
    "get form": (
        "<form action='list.asp'><input type=hidden name=page value=2><input type=submit value='下一页'></form>1/3页",
        Told("list.asp?page=2", pages=3, page=1),
    ),
    "aspnet": (
        "<form method=post action='list.aspx?id=3' id=form1><div class=aspNetHidden><input type=hidden name=__EVENTTARGET value=''>"
        "<input type=hidden name=__EVENTARGUMENT value=''><input type=hidden name=__VIEWSTATE value='/wEP+A=='></div>"
        "<a disabled=disabled>上一页</a><span>1</span><a href=\"javascript:__doPostBack('AspNetPager1','2')\">2</a>"
        "<a href=\"javascript:__doPostBack('AspNetPager1','2')\">下一页</a></form>",
        Told(
            "list.aspx?id=3&__wb_method=POST&__EVENTTARGET=AspNetPager1&__EVENTARGUMENT=2&__VIEWSTATE=%2FwEP%2BA%3D%3D",
            page=1,
        ),
    ),
    "aspnet, escaped": (
        "<form method=post action='./list.aspx'><input type=hidden name=__VIEWSTATE value=a>"
        "<a href='javascript:__doPostBack(&#39;ctl00$lbNext&#39;,&#39;&#39;)'>下一页</a></form>",
        Told("list.aspx?__wb_method=POST&__VIEWSTATE=a&__EVENTTARGET=ctl00%24lbNext&__EVENTARGUMENT="),
    ),
    "siteserver": (
        "<div class=app>当前第1页&nbsp;&nbsp;共26页</div><div class=paginator><span class=page-start>上一页</span><span "
        "class=current>1</span><a href='list_2.html'>2</a><a class=page-next href='list_2.html'>下一页</a></div>",
        Told("list_2.html", pages=26, page=1),
    ),
    "dedecms": (
        "<div class=pages><ul class=pagelist><li>首页</li><li class=thisclass>1</li><li><a href='list_5_2.html'>2</a></li><li>"
        "<a href='list_5_2.html'>下一页</a></li><li><a href='list_5_9.html'>末页</a></li><li><span class=pageinfo>共 <strong>9"
        "</strong>页<strong>177</strong>条</span></li></ul></div>",
        Told("list_5_2.html", pages=9, page=1),
    ),
    "phpcms": (
        "<div id=pages class=text-c><a class=a1>177条</a> <a href='?page=0' class=a1>上一页</a> <span>1</span> <a href='?page=2'>2</a>"
        " <a href='?page=2' class=a1>下一页</a></div>",
        Told("list.htm?page=2", page=1),
    ),
    "bootstrap": (
        "<nav><ul class=pagination><li class='page-item disabled'><span class=page-link>&laquo;</span></li><li class='page-item "
        "active'><span class=page-link>1</span></li><li class=page-item><a class=page-link href='?page=2'>2</a></li><li "
        "class=page-item><a class=page-link href='?page=2' rel=next>&raquo;</a></li></ul></nav>",
        Told("list.htm?page=2", page=1),
    ),
    "location in an href": (
        "<a href=\"javascript:location.href='list_2.htm'\">下一页</a> <span>1/3页</span>",
        Told("list_2.htm", pages=3, page=1),
    ),
    "function that goes there": (
        "<script>function goPage(n){ window.location.href = 'list_' + n + '.htm'; }</script><a href='javascript:goPage(2)'>下一页</a>"
        " 共3页",
        Told("list_2.htm", pages=3),
    ),
    "offset": ("<a href='?start=10'>下一页</a> 共 23 条记录", Told("list.htm?start=10", total=23)),
    "offset in data": (
        "<button class=btn-more data-url='/xw/list.htm?start=10'>加载更多</button>",
        Told("list.htm?start=10"),
    ),
    "jpaas": (
        "<div class=pagination><a onclick=\"queryArticleByCondition(this,'/xw/list.htm?uid=7&pageNum=2')\">下一页</a></div>",
        Told("list.htm?uid=7&pageNum=2"),
    ),
    "english": (
        "<div class=pagination>Page 1 of 36 (353 items) <a href='?p=2'>Next</a></div>",
        Told("list.htm?p=2", total=353, pages=36, page=1),
    ),
    "template in a call": (
        "<div id=pager></div><script>createPager({el:'#pager', total:23, size:10, current:1, url:'list_{page}.htm'})</script>",
        Told("list_2.htm", total=23, page=1),
    ),
    "twbs template": (
        "<ul id=pg></ul><script>$('#pg').twbsPagination({totalPages: 35, startPage: 1, href: '?page={{number}}'});</script>",
        Told("list.htm?page=2", pages=35),
    ),
    "epoint": (
        "<div id=page></div><script src=/webbuildermis/a.js></script><script>$('#page').pagination({pageIndex:pageIndex,pageSize: 10,"
        "total: 23});$('#page').on('pageClicked',function(e,data){window.location.href=\"/xw/\"+(data.pageIndex+1)+\".html\"})</script>",
        Told("2.html", total=23, page=1),
    ),
    "numbers without a mark": (
        "<a href='?page=1'>1</a><a href='?page=2'>2</a><a href='?page=3'>3</a>",
        Told("list.htm?page=2"),
    ),
    "numbers in words": (
        "<a class=cur>第1页</a><a href='list_2.htm'>第2页</a><a href='list_3.htm'>第3页</a>",
        Told("list_2.htm"),
    ),
    "numbers, one leads here": ("<a href='list.htm'>1</a><a href='list_2.htm'>2</a>", Told("list_2.htm", page=1)),
}
NOT_FOLLOWED = {
    "js-func": ("<a href='javascript:goPage(2)'>下一页</a> 共3页", Told(more="javascript:goPage(2)", pages=3)),
    "postback without a form": (
        "<a href=\"javascript:__doPostBack('pager','2')\">下一页</a> 共 23 条 每页 10 条",
        Told(more="javascript:__doPostBack('pager','2')", total=23),
    ),
    "postback with a search box": (
        '<form method=post><input type=hidden name=__VIEWSTATE value=a><input type=text name=q><a href="javascript:'
        "__doPostBack('p','2')\">下一页</a></form>",
        Told(more="javascript:__doPostBack('p','2')"),
    ),
    "post form with a jump box": (
        "<form method=post action=list.do><input type=hidden name=page value=2><input name=to size=2><input type=submit value=下一页>"
        "</form>第1页 共3页",
        Told(more="下一页", pages=3, page=1),
    ),
    "form on another host": (
        "<form method=post action='http://other.example/'><input type=hidden name=page value=2><button>下一页</button></form>第1/3页",
        Told(more="下一页", pages=3, page=1),
    ),
    "onclick": (
        "<span class=next onclick='turnPage(2)'>下一页</span> 第1/3页",
        Told(more="turnPage(2)", pages=3, page=1),
    ),
    "load more": (
        "<a href='javascript:;' class=more onclick='loadMore()'>加载更多</a>",
        Told(more="加载更多"),
    ),
    "load more, a box": ("<div class=loadmore>点击加载更多</div>", Told(more="点击加载更多")),
    "pull up": ("<p>上拉加载更多</p>", Told(more="上拉加载更多")),
    "see more": ("<div class=btn onclick='nextPage()'>查看更多</div>", Told(more="查看更多")),
    "call with numbers": (
        "<div id=pager></div><script>createPager({total:23,size:10,current:1})</script>",
        Told(more="createPager({total:23,size:10,current:1})", total=23, page=1),
    ),
    "laypage": (
        "<div id=demo></div><script>layui.use('laypage',function(){laypage.render({elem:'demo',count: 353,limit: 10,curr: 1,jump:"
        "function(obj,first){if(!first)load(obj.curr)}})})</script>",
        Told(
            more="laypage.render({elem:'demo',count: 353,limit: 10,curr: 1,jump:function(obj,first)"[:80],
            total=353,
            page=1,
        ),
    ),
    "laypage, drawn": (
        "<div class='layui-box layui-laypage layui-laypage-default'><a href='javascript:;' class='layui-laypage-prev layui-disabled' "
        "data-page=0>上一页</a><span class=layui-laypage-curr><em class=layui-laypage-em></em><em>1</em></span><a href='javascript:;' "
        "data-page=2>2</a><a href='javascript:;' class=layui-laypage-next data-page=2>下一页</a></div>",
        Told(more='data-page="2"', page=1),
    ),
    "element": (
        "<div class=el-pagination><span class=el-pagination__total>共 23 条</span><button type=button disabled class=btn-prev><i></i>"
        "</button><ul class=el-pager><li class='number active'>1</li><li class=number>2</li><li class=number>3</li></ul><button "
        "type=button class=btn-next><i class='el-icon el-icon-arrow-right'></i></button></div>",
        Told(more="2", total=23, page=1),
    ),
    "jqPaginator": (
        "<ul id=pagination1 class=pagination></ul><script>$.jqPaginator('#pagination1', {totalPages: 36, visiblePages: 10, "
        "currentPage: 1, onPageChange: function(n){}});</script>",
        Told(more="$.jqPaginator('#pagination1', {totalPages: 36, visiblePages: 10, currentPage: 1,", pages=36, page=1),
    ),
    "kkpager": (
        "<div id=kkpager></div><script>kkpager.generPageHtml({pno : 1, total : 36, totalRecords : 353, mode:'click'});</script>",
        Told(
            more="kkpager.generPageHtml({pno : 1, total : 36, totalRecords : 353, mode:'click'})",
            total=353,
            pages=36,
            page=1,
        ),
    ),
    "variables": ("<script>var totalPage = 36;var currentPage = 1;</script>", Told(pages=36, page=1)),
    "text": ("<div>共23条记录 1/3页</div>", Told(total=23, pages=3, page=1)),
    "text, worded": (
        "<p>记录总数：353条 每页显示：10条 总页数：36页 当前页：1</p>",
        Told(total=353, pages=36, page=1),
    ),
    "a fraction in a pager": ("<div class=page>11/33</div>", Told(pages=33, page=11)),
    "select": (
        "<select onchange='jump(this.value)'><option value=1 selected>1</option><option value=2>2</option><option value=3>3</option>"
        "</select>",
        Told(more="<select> 1…3", page=1),
    ),
    "numbers without words": (
        "<div class=pager><a class=on>1</a><a onclick='go(2)'>2</a><a onclick='go(3)'>3</a></div>",
        Told(more="go(2)", page=1),
    ),
    "mirrored": (
        "<div>当前第1页 共330页</div><div class=paginator><a class=page-next href='javascript:;'>下一页</a></div>",
        Told(more="下一页", pages=330, page=1),
    ),
    "dynamic laypage": (
        "<div id=demo></div><script>laypage.render({elem:'demo',count:res.total})</script>",
        Told(more="laypage.render({elem:'demo',count:res.total})"),
    ),
    "ant design": (
        "<ul class=ant-pagination><li title='Previous Page' class='ant-pagination-prev ant-pagination-disabled'><button disabled>"
        "</button></li><li class='ant-pagination-item ant-pagination-item-active'><a>1</a></li><li class=ant-pagination-next>"
        "<button></button></li></ul>",
        Told(more="ant-pagination-next", page=1),
    ),
    "not yet drawn": (
        "<el-pagination :total='353' :page-size='10'></el-pagination>",
        Told(more="<el-pagination :total='353'", total=353),
    ),
    "a constructor": (
        "<div id=p></div><script>var p = new Page({id:'p', total:353, pageSize:10, cur:1});</script>",
        Told(more="Page({id:'p', total:353, pageSize:10, cur:1})", total=353, page=1),
    ),
    "see more, bound by its class": (
        "<div class=more><a href='javascript:void(0)'>查看更多</a></div>",
        Told(more="查看更多"),
    ),
    "createPageHTML with texts": (
        "<script>createPageHTML('25', '0', 'list', 'htm');</script>",
        Told(more="createPageHTML('25', '0', 'list', 'htm')", pages=25, page=1),
    ),
    **{
        text: (f"<div>{text}</div>", Told(total=total, pages=pages, page=page, has_pager=bool(pages or page)))
        for text, total, pages, page in (
            ("当前为第 1 页 / 总 3 页", None, 3, 1),
            ("总3页 当前第1页", None, 3, 1),
            ("共 3 頁", None, 3, None),
            ("共三页", None, 3, None),
            ("共二十三页", None, 23, None),
            ("总 23 条 3 页", 23, 3, None),
            ("信息数：23", 23, None, None),
            ("全部 23 条", 23, None, None),
            ("Showing 1 to 10 of 23 entries", 23, None, None),
            ("1-10 of 23", 23, None, None),
        )
    },
    "total alone": ("<div>共 23 条</div>", Told(total=23, has_pager=False)),
    "bound by id": (
        "<div class=page><a id=prev href='#'>上一页</a><a id=next href='#'>下一页</a></div><script>$('#next').click(go)</script>",
        Told(more="下一页"),
    ),
    "bound, perhaps": ("<a href='javascript:;'>上一页</a><a href='javascript:;'>下一页</a>", Told(more="下一页")),
    "a number in rel": ("<a href='javascript:;' rel=2>下一页</a>", Told(more='rel="2"')),
    "a number in data-p": ("<a href='javascript:;' data-p=2>下一页</a>", Told(more='data-p="2"')),
    "a number in data-index": ("<a data-index=2>下一页</a>", Told(more='data-index="2"')),
    "vue": ("<a @click='nextPage'>下一页</a>", Told(more="nextPage")),
    "vue, long": ("<span v-on:click='next'>下一页</span>", Told(more="next")),
    "angular": ("<a (click)='next()'>下一页</a>", Told(more="next()")),
    "last page alone": ("<a href='list.htm'>首页</a> <a href='list_3.htm'>尾页</a>", Told(more="尾页")),
    "last page alone, called": (
        "<a href='javascript:go(1)'>首页</a> <a href='javascript:go(3)'>尾页</a>",
        Told(more="javascript:go(3)"),
    ),
    "numbers of another page": ("<a href='list.jsp?page=1'>1</a> <a href='list.jsp?page=2'>2</a>", Told(more="2")),
    "five pages on": ("<a href='javascript:go(6)'>后5页</a>", Told(more="javascript:go(6)")),
    "load more, dots": ("<button class=load-more-btn>加载更多...</button>", Told(more="加载更多")),
    "show all": ("<div class=unfold onclick='unfold()'>展开全部</div>", Told(more="展开全部")),
}
LAST = {
    "the only number": (
        "<a href='javascript:' onclick='goPage(1)'>1</a> <a href='javascript:' onclick='goPage(1)'>下一页</a>",
        Told(page=1, is_last=True),
    ),
    "the only number, void": (
        "<a href='javascript:;'>上一页</a><a class=on>1</a><a href='javascript:;'>下一页</a>",
        Told(page=1, is_last=True),
    ),
    "vsb": (
        "<table><tr><td id=fanye1015>共138条&nbsp;&nbsp;7/7&nbsp;</td><td><a href='../list.htm' class=Prev>首页</a><a href='2.htm' "
        "class=Prev>上页</a><span class=NextDisabled>下页</span><span class=NextDisabled>尾页</span></td></tr></table>",
        Told(total=138, pages=7, page=7, is_last=True),
    ),
    "trs": ("<script>createPageHTML(3, 2, 'list', 'htm');</script>", Told(pages=3, page=3, is_last=True)),
    "trs, one page": ("<script>createPageHTML(1, 0, 'list', 'htm');</script>", Told(pages=1, page=1, is_last=True)),
    "one page": ("<div>共1页</div>", Told(pages=1, is_last=True)),
    "one of one": ("<div>共10条 1/1</div>", Told(total=10, pages=1, page=1, is_last=True)),
    "all that are stated": ("<div>共10条</div>", Told(total=10, is_last=True, has_pager=False)),
    "without href": ("<a href='list_2.htm'>上一页</a><a>下一页</a>", Told(is_last=True)),
    "a span": ("<span class=pagination><a href='list_2.htm'>上一页</a><span>下一页</span></span>", Told(is_last=True)),
    "sign of a number": ("<a href='list_2.htm'>上一页</a><a href='#'>下一页</a>", Told(is_last=True)),
    "void": ("<a href='list_2.htm'>上一页</a><a href='javascript:void(0);'>下一页</a>", Told(is_last=True)),
    "leads here": (
        "<a href='list_2.htm'>上一页</a><a href='list.htm'>下一页</a><a href='list.htm'>尾页</a>",
        Told(is_last=True),
    ),
    "highest number": (
        "<div class=page><a href='list_2.htm'>上一页</a><a href='list_2.htm'>2</a><span class=current>3</span></div>",
        Told(page=3, is_last=True),
    ),
    "disabled arrow": (
        "<ul class=pagination><li><a href='list_2.htm'>&laquo;</a></li><li><a href='list_2.htm'>2</a></li><li class=active><a>3</a></li>"
        "<li class=disabled><span>&raquo;</span></li></ul>",
        Told(page=3, is_last=True),
    ),
    "a box of addresses": (
        "<a href='list_2.htm'>上一页</a><a>下一页</a><select onchange='location.href=this.value'><option value='list_3.htm'>1</option>"
        "<option value='list_2.htm'>2</option><option value='list.htm'>3</option></select>",
        Told(page=3, is_last=True),
    ),
    "calls for this page": (
        "<a href='javascript:goPage(2)'>上一页</a><a href='javascript:goPage(3)'>下一页</a> 第3页/共3页",
        Told(pages=3, page=3, is_last=True),
    ),
    "laypage": (
        "<div id=demo></div><script>laypage.render({elem:'demo',count: 10,limit: 10})</script>",
        Told(total=10, is_last=True),
    ),
    "epoint": (
        "<script src=/webbuildermis/a.js></script><script>$('#page').pagination({pageIndex:pageIndex,pageSize: 10,total: 10});$('#page')"
        '.on(\'pageClicked\',function(e,data){location.href="/xw/"+(data.pageIndex+1)+".html"})</script><div id=page></div>',
        Told(total=10, page=1, is_last=True),
    ),
}
NO_PAGER = {
    "a total of the site": "<div class=side><p>信息公开总数：12345条</p></div>",
    "a total of something else": "<p>政策文件共88件</p>",
    "a viewer of documents": "<div class=pdf>第1页/共12页</div>",
    "pictures counted": "<div class=slideTxtBox><span class=pageState>1/4</span></div>",
    "nothing to draw yet": "<div id=p></div><script>laypage.render({elem:'p',count:0})</script>",
    "a banner's variable": "<script>var bannerCount=5;var pageCount=5;</script>",
    "nothing": "",
    "更多 beside another column": "<div class=hd><h3>通知公告</h3><a href='/tzgg/'>更多&gt;&gt;</a></div>",
    "更多 without a link in a heading": "<div class=hd><h3>通知公告</h3><a href='javascript:;'>更多</a></div>",
    "查看更多 in a heading": "<div class=hd><h3>通知公告</h3><a class=more href='javascript:;'>查看更多</a></div>",
    "加载更多 of another column": "<a href='/other/list.htm'>加载更多</a>",
    "visits": "<div class=foot>总访问量：12345 今日访问：12 当前在线 3 人</div>",
    "numbers of pictures": "<div class=focus><ul class=num><li class=on>1</li><li>2</li><li>3</li></ul></div>",
    "tabs and days": "<ul class=tab><li onclick='tab(1)'>1</li><li onclick='tab(2)'>2</li></ul>",
    "a total in another headline": "<ul class=side><li><a href='/art/99.htm'>我县公布第一批共23条河流名录</a></li></ul>",
    "back": "<a href='javascript:history.go(-1)'>返回上一页</a>",
    "pictures": "<div class='swiper-pagination'>1/5</div><div class=slides><a class=prev>prev</a><a class=next>next</a></div>",
    "months": "<form><select name=month onchange='s()'><option>1</option><option>2</option><option>3</option></select></form>",
    "another list's pager": "<script>laypage.render({elem:'pages',count:100,theme:'#00275D'})</script>",
    "a definition": "<script>function createPager(total, size){ return 1 } function goPage(n){}</script>",
    "a hidden menu": "<ul><li style='display:none'><a href='/a/'>机构设置</a></li><li style='display:none'><a href='/b/'>领导之窗</a></li></ul>",
    "a template": "<template><a href='javascript:go(2)'>下一页</a></template>",
    "sharing": "<div class=share>分享到：<a href='javascript:;' onclick='jiathis_more()'>更多</a></div>",
    "months to jump to": "<select onchange='jump(this)'><option>1月</option><option>2月</option><option>3月</option></select>",
    "issues": "第<select onchange='go(this.value)'><option>1</option><option>2</option></select>期",
    "pictures with words": "<div class=picScroll-left><a class=next>下一页</a><a class=prev>上一页</a><span class=pageState>1/3</span></div>",
    "another tab": f"<ul style='display:none'>{rows(5, 40)}</ul>",
}


@pytest.mark.parametrize("name", FOLLOWED)
def test_a_pager_that_can_be_followed_gives_no_sign_of_more(name: str) -> None:
    pager, told = FOLLOWED[name]
    assert told_by(listing(pager)) == told


@pytest.mark.parametrize("name", NOT_FOLLOWED)
def test_a_pager_that_cannot_be_followed_is_told(name: str) -> None:
    pager, told = NOT_FOLLOWED[name]
    found = listing(pager)
    assert told_by(found) == told
    assert not found.extent.is_last


@pytest.mark.parametrize("name", LAST)
def test_a_last_page_shows_itself_as_one(name: str) -> None:
    pager, told = LAST[name]
    assert told_by(listing(pager)) == told


@pytest.mark.parametrize("name", NO_PAGER)
def test_a_page_without_a_pager_claims_nothing(name: str) -> None:
    assert listing(NO_PAGER[name]).extent == Extent(rows=10)


def told_by(found: Listing) -> Told:
    extent, next_page = found.extent, found.next_page
    return Told(
        next_page.removeprefix(HERE) if next_page else None,
        extent.more[0] if extent.more else "",
        extent.total,
        extent.pages,
        extent.page,
        extent.is_last,
        extent.has_pager,
    )


def test_a_total_in_a_headline_of_the_listing_is_none() -> None:
    lines = "<li><a href='a.htm'>共23条</a><i>2024-05-11</i></li>" + rows(3)
    assert listing("", lines=lines).extent.total is None


@pytest.mark.parametrize(
    ("lines", "count", "hidden"),
    [
        (rows(3), 3, 0),
        (rows(3) + rows(7, 4, " style='display:none'"), 3, 7),
        (rows(3) + rows(7, 4, " hidden"), 3, 7),
        (rows(3) + rows(3, 1, " style='display:none'"), 3, 0),
        (rows(3) + rows(2), 5, 0),
        (rows(3) + "<li>鹿峰县第9批重点项目 2024-05-11</li>", 4, 0),
        (rows(3) + "<li class=line></li>", 3, 0),
    ],
)
def test_rows_are_counted_hidden_ones_apart(lines: str, count: int, hidden: int) -> None:
    extent = listing("", lines=lines).extent
    assert (extent.rows, extent.hidden) == (count, hidden)


def test_a_static_list_whose_rows_are_all_hidden() -> None:
    hidden = "".join(
        f"<li id='line_u8_{n}' style='display:none;'><a href='/info/1/{n}.htm'>鹿峰县第{n}批项目开工</a><i>2024-05-11</i></li>"
        for n in range(20)
    )
    page = f"<ul>{hidden}</ul><script>_vsb_showNewsStaticList('u8', 20, 0, 10, 353);</script>共353条 1/36"
    extent = listing(page, lines=rows(5)).extent
    assert (extent.rows, extent.hidden, extent.total, extent.pages) == (5, 20, 353, 36)


def test_a_form_is_sent_in_the_encoding_of_its_page() -> None:
    form = (
        "<form method=post action=list.asp><input type=hidden name=lm value=要闻><input type=hidden name=page value=2>"
        "<input type=submit value=下一页></form>"
    )
    assert listing(form, charset="gbk").next_page == f"{HERE}list.asp?__wb_method=POST&lm=%D2%AA%CE%C5&page=2"
    assert listing(form).next_page == f"{HERE}list.asp?__wb_method=POST&lm=%E8%A6%81%E9%97%BB&page=2"


@pytest.mark.parametrize("field", ["<input name=q>", "<input type=password name=p>", "<input type=file name=f>", "<select name=s></select>",
                                   "<textarea name=t></textarea>", "<input type=checkbox name=c>"])  # fmt: skip
def test_a_form_that_a_reader_fills_in_is_never_sent(field: str) -> None:
    form = (
        f"<form method=post action=list.asp><input type=hidden name=page value=2>{field}<button>下一页</button></form>"
    )
    assert listing(form).next_page is None
