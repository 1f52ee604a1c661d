"""Two Easels never write into one folder, and a dead one does not keep a living one out."""

from pathlib import Path
from shutil import copytree

import pytest

from chat.core.errors import Full, ReadOnly, StorageError
from storage.data_dir_lock import DataDirLock
from tests.unit.storage.programs import kill, line_of, start
from tests.unit.storage.rights import open_folder, unprivileged

HOLDER = """
import sys
from pathlib import Path
from storage.data_dir_lock import DataDirLock

lock = DataDirLock(Path(sys.argv[1]))
print("held")
sys.stdin.read()
"""


def test_a_folder_that_is_not_there_is_made_for_this_user_only(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "data"
    DataDirLock(folder).release()
    assert folder.stat().st_mode & 0o077 == 0


def test_a_second_program_is_told_and_a_dead_one_holds_nothing(tmp_path: Path) -> None:
    holder = start(HOLDER, str(tmp_path))
    assert line_of(holder) == "held"
    with pytest.raises(StorageError, match="Another Easel is using this data folder"):
        DataDirLock(tmp_path)
    kill(holder)
    DataDirLock(tmp_path).release()


def test_what_was_released_can_be_locked_again(tmp_path: Path) -> None:
    first = DataDirLock(tmp_path)
    with pytest.raises(StorageError, match="Another Easel"):
        DataDirLock(tmp_path)
    first.release()
    DataDirLock(tmp_path).release()


def test_who_has_the_folder_knows_who_had_it_but_not_in_a_copy(tmp_path: Path) -> None:
    """What that one was writing is nobody's now. A copy's may be alive, in its own folder."""
    mine, copy = tmp_path / "mine", tmp_path / "copy"
    first = DataDirLock(mine)
    first.release()
    assert first.process.before == ""
    copytree(mine, copy)
    second, other = DataDirLock(mine), DataDirLock(copy)
    assert second.process.before == first.process.id
    assert other.process.before == ""
    assert len({first.process.id, second.process.id, other.process.id}) == 3
    second.release()
    other.release()


def test_a_folder_that_cannot_be_written_is_said_to_be_so(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(ReadOnly, match="cannot be made or written"):
        DataDirLock(file / "data")
    with open_folder() as folder, unprivileged(), pytest.raises(ReadOnly) as refused:
        DataDirLock(folder / "data")
    assert not isinstance(refused.value, Full)
    assert str(folder) not in str(refused.value)
