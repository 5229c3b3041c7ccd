"""Closed-loop replay of a policy, and the generated demo merchant."""
