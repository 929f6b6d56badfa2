"""Samples taken in turns, and tables of them."""

import collections
import statistics


class Samples:
    """Values by (who, what). Who comes first in a list of names is what ratios are taken to."""

    def __init__(self):
        self.values = collections.defaultdict(list)

    def add(self, who, what, value):
        self.values[who, what].append(value)

    def median(self, who, what):
        return statistics.median(self.values[who, what])

    def ratio(self, who, names, what):
        """The median, over rounds, of the value divided by the first name's in the same round."""
        anchor = self.values[next(iter(names)), what]
        return statistics.median(mine / theirs for mine, theirs in zip(self.values[who, what], anchor))


def table(title, head, rows):
    lines = [f"### {title}", "", "| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"
