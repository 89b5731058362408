"""The door for programs that speak the Tencent Cloud SMS API, version 2021-01-11.

middleware > answering > (authentication | limits | repeating | request_log) and the actions.
It proves who asks, translates words, and calls the same actions as the pages do.
"""
