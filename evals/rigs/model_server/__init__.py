"""A scripted model server that speaks OpenAI's Chat Completions over HTTP on this machine."""
