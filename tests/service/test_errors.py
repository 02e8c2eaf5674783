"""A refusal travels between processes."""

import pickle

from vote.service.errors import Unreadable


def test_a_refusal_arrives_as_it_left() -> None:
    sent = Unreadable("some-code", "“{file}” is not there.", {"file": "a"}, status=404)
    arrived = pickle.loads(pickle.dumps(sent))
    assert type(arrived) is Unreadable
    assert vars(arrived) == vars(sent)
    assert str(arrived) == str(sent) == "“a” is not there."
