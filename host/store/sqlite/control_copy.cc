#include "host/store/sqlite/control_copy.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <map>
#include <optional>
#include <vector>

#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/base/digest.h"
#include "host/base/files.h"
#include "host/base/json.h"
#include "host/store/administration.h"
#include "host/store/sqlite/layout.h"

namespace concordat::store {
namespace {

constexpr std::string_view kBefore = ".before-step-";
constexpr std::string_view kNote = ".json";

std::string CopyPath(const std::string& control, int64_t version) {
  return fmt::format("{}{}{}", control, kBefore, version + 1);
}

absl::Status SyncFile(const std::string& path) {
  const FileDescriptor fd(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid() || fsync(fd.get()) != 0) return ErrnoStatus(errno, "sync " + path);
  return absl::OkStatus();
}

absl::Status SyncFolderOf(const std::string& path) {
  return SyncFile(std::filesystem::path(path).parent_path().string());
}

// Everything in one step: a reader of a WAL database sees one moment of it however long it takes.
absl::Status CopyInto(sqlite3* from, sqlite3* to) {
  sqlite3_backup* backup = sqlite3_backup_init(to, "main", from, "main");
  if (backup == nullptr) return SqliteStatus(to, sqlite3_errcode(to));
  const int copied = sqlite3_backup_step(backup, -1);
  const int finished = sqlite3_backup_finish(backup);
  if (copied != SQLITE_DONE) return SqliteStatus(to, copied == SQLITE_OK ? SQLITE_ERROR : copied);
  return SqliteStatus(to, finished);
}

std::vector<std::string> CopiesOf(const std::string& control) {
  const std::filesystem::path path(control);
  const std::string begin = path.filename().string() + std::string(kBefore);
  std::vector<std::string> copies;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(path.parent_path(), error)) {
    const std::string name = entry.path().filename().string();
    if (name.compare(0, begin.size(), begin) == 0) copies.push_back(entry.path().string());
  }
  return copies;
}

// How one table stands: its rows, and a digest over all of their values.
struct TableState {
  int64_t rows = 0;
  std::string digest;
};

absl::StatusOr<TableState> StateOf(Connection& control, const std::string& table) {
  TableState state;
  Sha256Stream digest;
  Query query = control.Prepare(fmt::format("SELECT * FROM {}", Quoted(table)));
  while (true) {
    ASSIGN_OR_RETURN(const bool more, query.Next());
    if (!more) break;
    ++state.rows;
    const int columns = sqlite3_column_count(query.statement());
    for (int column = 0; column < columns; ++column) {
      const std::string_view text = query.Text(column);
      digest.Update(fmt::format("{}{}:", query.IsNull(column) ? "n" : "v", text.size()));
      digest.Update(text);
    }
  }
  state.digest = DigestText(digest.Finish());
  return state;
}

absl::StatusOr<std::map<std::string, TableState>> StatesOf(Connection& control) {
  std::vector<std::string> tables;
  {
    Query query =
        control.Prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'");
    while (true) {
      ASSIGN_OR_RETURN(const bool more, query.Next());
      if (!more) break;
      tables.push_back(query.String(0));
    }
  }
  std::map<std::string, TableState> states;
  for (const std::string& table : tables) {
    ASSIGN_OR_RETURN(states[table], StateOf(control, table));
  }
  return states;
}

// The newest copy that is there with its note.
struct KeptCopy {
  std::string path;
  int64_t version = 0;
  json::Value note;
};

absl::StatusOr<KeptCopy> NewestCopy(const std::string& control) {
  std::optional<KeptCopy> newest;
  for (const std::string& path : CopiesOf(control)) {
    const std::string number = path.substr(path.rfind('-') + 1);
    KeptCopy copy{path, 0, {}};
    const auto read = std::from_chars(number.data(), number.data() + number.size(), copy.version);
    if (read.ec != std::errc() || read.ptr != number.data() + number.size()) continue;  // its note
    --copy.version;
    if (!newest || copy.version > newest->version) newest = copy;
  }
  if (!newest) {
    return absl::FailedPreconditionError(fmt::format(
        "there is nothing to undo: no upgrade left a copy beside {} (or an erasure removed it, since "
        "it would bring back what was erased)",
        control));
  }
  absl::StatusOr<std::string> text = ReadFile(newest->path + std::string(kNote));
  if (!text.ok()) return *newest;  // the upgrade itself did not come to its end
  ASSIGN_OR_RETURN(newest->note, json::Parse(*text));
  return *newest;
}

// "3 rows more in attempts, receipts changed": what was stored since, in words; empty when nothing was.
absl::StatusOr<std::string> ChangesSince(Connection& control, const json::Value& note) {
  ASSIGN_OR_RETURN(const auto now, StatesOf(control));
  const json::Value* tables = json::Find(note, "tables");
  std::string changes;
  for (const auto& [name, state] : now) {
    if (name == "key_check") continue;  // a start makes it by itself
    const json::Value* then = tables == nullptr ? nullptr : json::Find(*tables, name);
    if (then != nullptr && json::TextOr(*then, "digest", "") == state.digest) continue;
    const json::Value* rows = then == nullptr ? nullptr : json::Find(*then, "rows");
    const int64_t before = rows != nullptr && rows->is_number() ? rows->to_number<int64_t>() : 0;
    const int64_t more = state.rows - before;
    if (!changes.empty()) changes += ", ";
    changes += more > 0 ? fmt::format("{} new in {}", more, name) : fmt::format("changes in {}", name);
  }
  return changes;
}

absl::Status PutBack(const std::string& control, const KeptCopy& copy) {
  // What a reader left of the log would be taken for the old database's.
  for (const char* rest : {"-wal", "-shm"}) {
    if (unlink((control + rest).c_str()) != 0 && errno != ENOENT)
      return ErrnoStatus(errno, "remove " + control + rest);
  }
  if (rename(copy.path.c_str(), control.c_str()) != 0) return ErrnoStatus(errno, "rename to " + control);
  unlink((copy.path + std::string(kNote)).c_str());
  return SyncFolderOf(control);
}

}  // namespace

absl::Status CopyDatabase(const Connection& from, const std::string& path) {
  RETURN_IF_ERROR(CreateFile(path, "", 0600));
  sqlite3* to = nullptr;
  int result = sqlite3_open_v2(path.c_str(), &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
  absl::Status status = SqliteStatus(to, result);
  if (status.ok()) status = CopyInto(from.handle(), to);
  // One file, without a log beside it.
  if (status.ok())
    status = SqliteStatus(to, sqlite3_exec(to, "PRAGMA journal_mode=DELETE", nullptr, nullptr, nullptr));
  result = sqlite3_close(to);
  if (status.ok()) status = SqliteStatus(nullptr, result);
  if (status.ok()) status = SyncFile(path);
  if (!status.ok()) unlink(path.c_str());
  return Annotate(status, "copy the control database");
}

absl::Status KeepBeforeUpgrade(const Connection& control, const std::string& path, int64_t version) {
  const std::string copy = CopyPath(path, version);
  const std::string part = copy + ".part";
  unlink(part.c_str());
  RETURN_IF_ERROR(CopyDatabase(control, part));
  RETURN_IF_ERROR(ForgetUpgrades(path));
  if (rename(part.c_str(), copy.c_str()) != 0) return ErrnoStatus(errno, "rename to " + copy);
  return SyncFolderOf(path);
}

absl::Status NoteUpgraded(Connection& control, const std::string& path, int64_t version_before) {
  ASSIGN_OR_RETURN(const auto states, StatesOf(control));
  json::Object tables;
  for (const auto& [name, state] : states)
    tables[name] = json::Object{{"rows", state.rows}, {"digest", state.digest}};
  const json::Object note{{"from", version_before}, {"tables", std::move(tables)}};
  return WriteFileAtomically(CopyPath(path, version_before) + std::string(kNote), json::Compact(note), 0600);
}

absl::Status ForgetUpgrades(const std::string& path) {
  for (const std::string& copy : CopiesOf(path)) {
    if (copy.size() > 5 && copy.compare(copy.size() - 5, 5, ".part") == 0) continue;  // being made
    if (unlink(copy.c_str()) != 0 && errno != ENOENT) return ErrnoStatus(errno, "remove " + copy);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> UndoUpgrade(const std::string& folder) {
  const Layout layout(folder);
  const std::string path = layout.ControlPath();
  if (access(path.c_str(), F_OK) != 0)
    return absl::NotFoundError(fmt::format("there is no store in {}: nothing to undo", folder));
  ASSIGN_OR_RETURN(const FileDescriptor lock, layout.Lock());
  ASSIGN_OR_RETURN(const KeptCopy copy, NewestCopy(path));
  int64_t version = 0;
  {
    ASSIGN_OR_RETURN(const auto control, Connection::Open(path, Connection::Mode::kShared));
    ASSIGN_OR_RETURN(version, control->ReadInteger("PRAGMA user_version"));
    // Without a note the upgrade broke off before anything could be stored.
    if (!copy.note.is_null()) {
      ASSIGN_OR_RETURN(const std::string changes, ChangesSince(*control, copy.note));
      if (!changes.empty()) {
        return absl::FailedPreconditionError(fmt::format(
            "the upgrade is not undone: since then records were stored that would be lost ({}). Go on "
            "with the newer Concordat, or restore a backup from before the upgrade if they may be lost",
            changes));
      }
    }
    ASSIGN_OR_RETURN(const int64_t busy, control->ReadInteger("PRAGMA wal_checkpoint(TRUNCATE)"));
    if (busy != 0)
      return absl::UnavailableError(fmt::format("{} is being read by another program; close it", path));
  }
  RETURN_IF_ERROR(PutBack(path, copy));
  return fmt::format(
      "the store in {} is of version {} again (it was {}); nothing was lost. Start the older Concordat "
      "now: this one would upgrade it again",
      folder, copy.version, version);
}

}  // namespace concordat::store
