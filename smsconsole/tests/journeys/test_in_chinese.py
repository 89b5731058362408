"""From signing in to the last receipt in Chinese, for a browser that asks for nothing else."""

import re
from collections.abc import Callable

from playwright.sync_api import expect

from smsconsole.tests.journeys.browsing import PATIENCE, Reader, findings
from smsconsole.tests.journeys.steps import preview_is_there, task_is_sent


def test_a_task_is_sent_in_chinese(open_browser: Callable[..., Reader]) -> None:
    reader = open_browser(locale="zh-CN")
    page = reader.page
    email, password = reader.console.logins["sender"]
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", re.compile("^zh-hans$", re.IGNORECASE))
    page.get_by_label("电子邮箱").fill(email)
    page.get_by_label("密码", exact=True).fill(password)
    page.get_by_role("button", name="登录", exact=True).click()

    page.get_by_role("link", name="发送短信").click()
    page.get_by_label("任务名称").fill("年末通知")
    template = page.get_by_label("正文模板")
    closing = template.locator("option", has_text="Holiday closing")
    template.select_option(closing.get_attribute("value"))
    preview_is_there(page)
    page.get_by_label("粘贴号码").check()
    page.get_by_label("手机号码").fill("85251240001\n85251240002")
    page.get_by_role("button", name="检查接收人").click()
    send = page.get_by_role("button", name="发送 2 条短信", exact=True)
    expect(send).to_be_visible()
    assert findings(page) == []
    send.click()
    task_is_sent(page)
    expect(page.locator("main")).to_contain_text("已完成", timeout=PATIENCE)
    delivered = page.locator("#st-h + table tbody tr").filter(has_text="已送达")
    expect(delivered.locator("td").first).to_have_text("2")
