"""The door for programs that speak Twilio's REST API, so that its SDKs work with another host.

middleware > answering > (authentication | repeating | request log) and the handlers of `routes`.
It proves who asks, translates words, and calls the same actions as the pages do (docs/twilio.md).
"""
