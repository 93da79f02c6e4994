"""Does a platform file make sense? One module a part of it, one function a question; all are asked.

What has the wrong form is the reader's to say, and what depends on a stack the compiler's.
"""
