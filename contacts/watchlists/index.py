"""Who in a great many facts may be like somebody: found by the trigrams and sounds of words, then compared in full."""

from array import array
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable

from contacts.watchlists.comparison import Comparison, compare
from contacts.watchlists.facts import Facts
from contacts.watchlists.words import alike, skeletons, telling, trigrams, words_of

PROBES = 6  # of the trigrams of a word the rarest are looked up; one slip of the pen spoils four at most
REMEMBERED = 100_000  # words
NEEDED = 0.75  # of the words of the shorter name


class Index:
    """Either side may be the one in the index: a whole list, or the few records that have changed."""

    def __init__(self, known: Iterable[tuple[Hashable, Facts]]):
        self.facts: list[tuple[Hashable, Facts]] = []
        self.owners, self.lengths = array("I"), array("H")  # of each name
        self.words: dict[str, int] = {}
        self.spelled: list[str] = []
        self.bearers: list[array[int]] = []  # of each word: the names that have it
        self.by_trigram: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self.by_bones: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self.by_letters: dict[str, array[int]] = defaultdict(lambda: array("I"))  # the whole name: its owners
        self.by_identifier: dict[str, array[int]] = defaultdict(lambda: array("I"))
        self.remembered: dict[str, list[int]] = {}
        for key, facts in known:
            self._add(key, facts)

    def __len__(self) -> int:
        return len(self.facts)

    def like(self, facts: Facts) -> list[tuple[Hashable, Comparison]]:
        """Whom a person is to be asked about, the likeliest first. The one in the index is named by its key."""
        owners = {owner for name in facts.names for owner in self._owners(name)}
        owners.update(owner for number in facts.identifiers for owner in self.by_identifier.get(number, ()))
        weighed = ((self.facts[owner][0], compare(facts, self.facts[owner][1])) for owner in sorted(owners))
        return sorted((found for found in weighed if found[1].is_asked), key=lambda found: -found[1].score)

    def _add(self, key: Hashable, facts: Facts) -> None:
        owner = len(self.facts)
        self.facts.append((key, facts))
        for number in facts.identifiers:
            self.by_identifier[number].append(owner)
        for name in facts.names:
            words = words_of(name)
            self.by_letters["".join(words)].append(owner)
            told = _sought(words)
            for word in told:
                self.bearers[self._word(word)].append(len(self.owners))
            self.owners.append(owner)
            self.lengths.append(len(told))

    def _word(self, word: str) -> int:
        number = self.words.get(word)
        if number is None:
            number = self.words[word] = len(self.words)
            self.spelled.append(word)
            self.bearers.append(array("I"))
            for trigram in trigrams(word):
                self.by_trigram[trigram].append(number)
            for bones in skeletons(word):
                self.by_bones[bones].append(number)
        return number

    def _owners(self, name: str) -> set[int]:
        """Who has a name of which enough words are like those of `name`."""
        words = words_of(name)
        told = _sought(words)
        hits: Counter[int] = Counter()
        for word in told:
            for number in self._like(word):
                hits.update(self.bearers[number])
        size, lengths = len(told), self.lengths
        likely = hits.items() if size < 2 else [(n, hit) for n, hit in hits.items() if hit > 1 or lengths[n] == 1]
        enough = {n for n, hit in likely if hit >= NEEDED * min(size, lengths[n])}
        return {self.owners[n] for n in enough}.union(self.by_letters.get("".join(words), ()))

    def _like(self, word: str) -> list[int]:
        """The words of the index that are like `word`."""
        if word not in self.remembered:
            if len(self.remembered) >= REMEMBERED:
                self.remembered.clear()
            self.remembered[word] = self._search(word)
        return self.remembered[word]

    def _search(self, word: str) -> list[int]:
        rarest = sorted((self.by_trigram[one] for one in trigrams(word) if one in self.by_trigram), key=len)[:PROBES]
        shared: Counter[int] = Counter()
        for numbers in rarest:
            shared.update(numbers)
        needed = max(1, len(rarest) - 4)
        likely = {number for number, count in shared.items() if count >= needed}
        likely.update(number for bones in skeletons(word) for number in self.by_bones.get(bones, ()))
        return [number for number in likely if alike(word, self.spelled[number])]


def _sought(words: tuple[str, ...]) -> set[str]:
    """The words by which a name is found: an initial brings nobody together."""
    return {word for word in telling(words) if len(word) > 1}
