"""What people are told about an incident: one message, in the words and forms of every channel.

`wording` says what a message says, and nothing else does; the modules beside it render that for one
channel or compile it for one backend. Nothing here sends anything, and nothing reads a file.
"""
