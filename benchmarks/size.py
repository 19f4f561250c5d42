"""How large a made-up world is."""

from dataclasses import dataclass

CROWD = 2_500
LONGEST_SPEECH = 20_000


@dataclass(frozen=True)
class Size:
    """How many of each there are. Statements grow a hundredfold, what they hang on tenfold."""

    statements: int

    def of(self, at_a_million: int, least: int) -> int:
        """Return how many there are of what there would be so many of beside a million statements."""
        return max(least, round(at_a_million * (self.statements / 1_000_000) ** 0.5))

    @property
    def people(self) -> int:
        """20,000 at a million; never fewer than the crowd of the great event."""
        return self.of(20_000, CROWD)

    @property
    def organizations(self) -> int:
        """5,000 at a million."""
        return self.of(5_000, 100)

    @property
    def initiatives(self) -> int:
        """300 at a million."""
        return self.of(300, 20)

    @property
    def events(self) -> int:
        """10,000 at a million."""
        return self.of(10_000, 100)

    @property
    def sources(self) -> int:
        """30,000 at a million."""
        return min(self.of(30_000, 100), self.statements // 2)

    @property
    def crowd(self) -> int:
        """Statements of the great day."""
        return min(CROWD, self.statements // 2)

    @property
    def speech(self) -> int:
        """Statements of the most frequent speaker."""
        return min(LONGEST_SPEECH, self.statements // 5)
