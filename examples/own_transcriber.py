"""Posts a call from a transcriber of your own to a hub, with the standard library only. It needs send.py beside it.

INGEST_SECRET=whsec_... python3 examples/own_transcriber.py http://127.0.0.1:8787 a8c17f30-f72c-4900-abd2-8745056c4c99

In your own program: make one Board, one Call for each contact, and call its methods where your transcriber has something to say.
"""

import json
import math
import os
import sys
import time
import urllib.error
import urllib.request
import uuid

from send import sign

ATTEMPTS = 6
LONGEST_WAIT_SECONDS = 30
# The hub shows a transcription as lost that says nothing for 45 s.
LIVE_EVERY_SECONDS = 15
VALUE = {"positive": 5, "neutral": 0, "mixed": 0, "negative": -5}
RECENT_MS = 60_000


def now_ms() -> int:
    return int(time.time() * 1000)


class Board:
    """Posts signed updates to one instance of a hub."""

    def __init__(self, hub: str, instance: str, secret: str) -> None:
        self.url = f"{hub.rstrip('/')}/v1/instances/{instance}/updates"
        self.secret = secret

    def post(self, *updates: dict) -> dict:
        """Posts until the hub has stored the updates. The id stays the same, so a repeated post changes nothing."""
        body = json.dumps({"updates": updates}).encode()
        message_id = f"msg_{uuid.uuid4()}"
        for attempt in range(ATTEMPTS):
            try:
                return self.post_once(message_id, body)
            except urllib.error.HTTPError as refusal:
                # Every other answer would be the same the next time.
                if refusal.code not in (429, 500, 502, 503, 504) or attempt == ATTEMPTS - 1:
                    raise
                wait = float(refusal.headers.get("retry-after") or 2**attempt / 2)
            except (urllib.error.URLError, TimeoutError):
                if attempt == ATTEMPTS - 1:
                    raise
                wait = 2**attempt / 2
            time.sleep(min(wait, LONGEST_WAIT_SECONDS))
        raise AssertionError("The last attempt returns or raises.")

    def post_once(self, message_id: str, body: bytes) -> dict:
        """Signs with the time of this attempt, because the hub refuses a signature that is older than five minutes.

        During a rotation the secret is two words. The hub takes a post if one of its signatures is right.
        """
        timestamp = str(int(time.time()))
        headers = {
            "content-type": "application/json",
            "webhook-id": message_id,
            "webhook-timestamp": timestamp,
            "webhook-signature": " ".join(sign(one, message_id, timestamp, body) for one in self.secret.split()),
        }
        request = urllib.request.Request(self.url, body, headers, method="POST")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)

    def agent(self, agent_id: str, name: str, since: int, contacts: list) -> dict:
        """Says what an agent does. Leave it out if the stack's own agent events feed the board."""
        return self.post(
            {
                "type": "agent.state",
                "agentId": agent_id,
                "occurredAt": now_ms(),
                "name": name,
                "signedIn": True,
                "status": {"name": "Available", "kind": "routable", "since": since},
                "contacts": contacts,
            }
        )


class Call:
    """The transcription of one contact."""

    def __init__(self, board: Board, contact_id: str, began_at: int) -> None:
        """began_at: when an agent joined the call, in epoch ms. The times of turns count from there."""
        self.board = board
        self.contact_id = contact_id
        self.began_at = began_at
        self.turns: dict = {}

    def listening(self, state: str = "live") -> dict:
        """Says whether somebody listens: live, failed or ended. Post live every LIVE_EVERY_SECONDS while nobody speaks."""
        return self.board.post(self.update("contact.transcription", now_ms(), state=state))

    def partial(self, turn_id: str, role: str, begin_ms: int, end_ms: int, text: str) -> dict:
        """Shows words that your transcriber may still change."""
        return self.board.post(self.turn_update(turn_id, role, begin_ms, end_ms, text, final=False, sentiment=None))

    def turn(self, turn_id: str, role: str, begin_ms: int, end_ms: int, text: str, sentiment: str) -> dict:
        """Posts a sentence of the customer or the agent, and the score so far. The same turn_id replaces its partial words."""
        self.turns[turn_id] = (role, begin_ms, end_ms, sentiment)
        turn = self.turn_update(turn_id, role, begin_ms, end_ms, text, final=True, sentiment=sentiment)
        score = self.update("contact.sentiment", turn["occurredAt"], **score_of(list(self.turns.values())))
        return self.board.post(turn, score)

    def end(self) -> dict:
        return self.board.post(self.update("contact.transcription", now_ms(), state="ended"))

    def turn_update(self, turn_id: str, role: str, begin_ms: int, end_ms: int, text: str, *, final: bool, sentiment) -> dict:
        words = {"turnId": turn_id, "role": role, "beginMs": begin_ms, "endMs": end_ms, "text": text}
        return self.update("contact.turn", self.began_at + end_ms, **words, final=final, sentiment=sentiment)

    def update(self, kind: str, occurred_at: int, **fields) -> dict:
        return {"type": kind, "contactId": self.contact_id, "occurredAt": occurred_at, **fields}


def score_of(turns: list) -> dict:
    """Returns the score of a call as docs/protocol.md says in SEN. A turn is (role, begin_ms, end_ms, sentiment)."""
    newest_end = max((end for _, _, end, _ in turns), default=0)
    sides = {role: side_of([turn for turn in turns if turn[0] == role], newest_end) for role in ("customer", "agent")}
    return {**sides, "turns": len(turns)}


def side_of(turns: list, newest_end: int) -> dict:
    span = max((end for _, _, end, _ in turns), default=0)
    quarters: list = [[], [], [], []]
    for _, begin, _, sentiment in turns:
        quarters[sum(begin >= span * part // 4 for part in (1, 2, 3))].append(VALUE[sentiment])
    recent = [VALUE[sentiment] for _, _, end, sentiment in turns if end > newest_end - RECENT_MS]
    return {
        "score": mean([VALUE[sentiment] for *_, sentiment in turns]),
        "quarters": [mean(quarter) for quarter in quarters],
        "recent": mean(recent),
    }


def mean(values: list):
    """Returns the mean to one decimal, halves away from zero, or None without values."""
    if not values:
        return None
    tenths = sum(values) / len(values) * 10
    return math.copysign(math.floor(abs(tenths) + 0.5), tenths) / 10 + 0.0


SCRIPT = [
    ("agent", 200, 1900, "Good morning, how can I help you?", "neutral"),
    ("customer", 2300, 5200, "You charged me twice for the same month again.", "negative"),
    ("agent", 5600, 8100, "I see both charges. I give the second one back today.", "neutral"),
    ("customer", 8500, 10400, "Oh, perfect, that is exactly what I needed.", "positive"),
]


def main() -> None:
    if len(sys.argv) != 3 or not os.environ.get("INGEST_SECRET"):
        sys.exit(__doc__)
    board = Board(sys.argv[1], sys.argv[2], os.environ["INGEST_SECRET"])
    try:
        play(board)
    except urllib.error.HTTPError as error:
        sys.exit(f"The hub answered {error.code}: {error.read().decode()}")
    except urllib.error.URLError as error:
        sys.exit(f"The hub does not answer at {sys.argv[1]}: {error.reason}. Start it, or correct the address.")


def play(board: Board) -> None:
    """Plays a call that began some seconds ago, and keeps it open until Ctrl-C."""
    began_at = now_ms() - SCRIPT[-1][2]
    contact_id = str(uuid.uuid4())
    talking = {"contactId": contact_id, "channel": "voice", "state": "connected", "since": began_at, "connectedAt": began_at}
    board.agent("A123", "Jane Doe", began_at, [talking])
    call = Call(board, contact_id, began_at)
    call.listening()
    for number, (role, begin_ms, end_ms, text, sentiment) in enumerate(SCRIPT):
        call.partial(f"turn-{number}", role, begin_ms, end_ms - 500, text.split(",")[0])
        call.turn(f"turn-{number}", role, begin_ms, end_ms, text, sentiment)
    print(json.dumps({"contactId": contact_id, **score_of(list(call.turns.values()))}))
    print("The board has the call (Jane Doe). Ctrl-C ends it.", flush=True)
    try:
        while True:
            time.sleep(LIVE_EVERY_SECONDS)
            call.listening()
    except KeyboardInterrupt:
        call.end()
        board.agent("A123", "Jane Doe", now_ms(), [])


if __name__ == "__main__":
    main()
