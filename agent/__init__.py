"""The conversational edge: settings, clock, graph, language models, terminal, worker and web."""
