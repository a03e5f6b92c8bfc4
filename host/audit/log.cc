#include "host/audit/log.h"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "fmt/format.h"
#include "host/audit/history.h"
#include "host/audit/leaf_file.h"
#include "host/audit/sign_receipt.h"
#include "host/base/files.h"
#include "host/base/named_key.h"

namespace concordat::audit {
namespace {

std::string LeavesPath(const std::string& folder) { return folder + "/leaves.log"; }
std::string CheckpointPath(const std::string& folder) { return folder + "/checkpoint"; }
std::string HistoryPath(const std::string& folder) { return folder + "/checkpoints.log"; }

using Steady = std::chrono::steady_clock;

// Under load the checkpoint's own two syncs are spared; it is never older than this while others append.
constexpr std::chrono::milliseconds kCheckpointEvery(100);

// A caller who waits for the leaf to become durable.
struct Pending {
  std::string commitment;
  std::condition_variable woken;  // of its own, so that only those wake who have something to do
  bool done = false;
  absl::Status status;
  uint64_t index = 0;
  std::vector<std::string> proof;
  std::string checkpoint;
};

// The checkpoint on disk, opened; one of size 0 that is not written yet when the log is new.
absl::StatusOr<Checkpoint> ReadCheckpoint(const std::string& folder, const std::string& origin,
                                          std::string_view public_key, bool has_leaves) {
  const std::string path = CheckpointPath(folder);
  const absl::StatusOr<std::string> note = ReadFile(path, size_t{1} << 20);
  if (absl::IsNotFound(note.status())) {
    if (has_leaves) return absl::DataLossError(fmt::format("{} is missing beside a log with leaves", path));
    return Checkpoint{origin, 0, EmptyRoot()};
  }
  RETURN_IF_ERROR(note.status());
  absl::StatusOr<Checkpoint> checkpoint = OpenCheckpoint(*note, public_key);
  if (!checkpoint.ok()) {
    return absl::DataLossError(fmt::format("{}: {}", path, MessageOf(checkpoint.status())));
  }
  if (checkpoint->origin != origin) {
    return absl::DataLossError(
        fmt::format("{} is of the log {}, not of {}", path, checkpoint->origin, origin));
  }
  return checkpoint;
}

absl::StatusOr<std::string> ReadHistoryText(const std::string& folder) {
  absl::StatusOr<std::string> text = ReadFile(HistoryPath(folder));
  if (absl::IsNotFound(text.status())) return std::string();  // of an earlier version, or a new log
  return text;
}

}  // namespace

struct Log::State {
  State(LeafFile leaf_file, HistoryFile history_file, MerkleTree leaves, Signer key)
      : file(std::move(leaf_file)),
        history(std::move(history_file)),
        tree(std::move(leaves)),
        durable(tree.size()),
        signer(std::move(key)) {}

  absl::Status Start(const std::string& folder, const std::string& origin);
  void CommitGroup(const std::string& folder, const std::string& origin, std::unique_lock<std::mutex>& lock);
  absl::Status Compare(const MerkleTree& on_disk, uint64_t known, const absl::Status& status) const;
  void Publish(const std::string& folder, const std::string& origin, std::unique_lock<std::mutex>& lock);
  std::string Enter(const std::vector<Pending*>& group);
  void Settle(const std::vector<Pending*>& group, const absl::Status& status);

  LeafFile file;        // touched only by the thread that commits
  HistoryFile history;  // touched only by the thread that publishes
  mutable std::mutex mutex;
  MerkleTree tree;          // runs ahead of `durable` while a group is being written
  uint64_t durable;         // leaves on the disk
  std::string checkpoint;   // the latest signed note
  uint64_t vouched = 0;     // leaves that it covers
  uint64_t published = 0;   // leaves of the newest checkpoint on the disk
  bool publishes = false;   // a thread is about to write it
  absl::Status publishing;  // of the last try
  Steady::time_point published_at;
  std::vector<Pending*> waiting;
  bool committing = false;
  absl::Status broken;  // why nothing can be appended any more
  const Signer signer;
};

// Gives the leaves of a group their places; returns their lines.
std::string Log::State::Enter(const std::vector<Pending*>& group) {
  std::string lines;
  for (Pending* pending : group) {
    pending->index = tree.size();
    tree.Append(LeafHash(pending->commitment));
    lines += LeafLine(pending->commitment);
  }
  return lines;
}

void Log::State::Settle(const std::vector<Pending*>& group, const absl::Status& status) {
  for (Pending* pending : group) {
    pending->status = status;
    if (status.ok()) {
      pending->proof = tree.InclusionProof(pending->index, durable);
      pending->checkpoint = checkpoint;
    }
    pending->done = true;
    pending->woken.notify_one();
  }
}

// Writes the checkpoint and the history, beside the groups that follow. Nobody's receipt waits for it: leaves
// beyond a checkpoint are kept, so that after a crash an older one does. Whoever ends the last group sees to
// it that the newest checkpoint is on the disk.
void Log::State::Publish(const std::string& folder, const std::string& origin,
                         std::unique_lock<std::mutex>& lock) {
  const auto hurry = [this] {
    return (committing || !waiting.empty()) && Steady::now() - published_at < kCheckpointEvery;
  };
  while (!publishes && published < vouched && !hurry()) {
    publishes = true;
    const std::string note = checkpoint;
    const uint64_t size = vouched;
    const std::vector<HistoryEntry> due = history.Due(tree, size, origin);
    lock.unlock();
    absl::Status status = SwapFile(CheckpointPath(folder), note);
    if (status.ok()) status = history.Write(due, signer);
    lock.lock();
    publishes = false;
    published_at = Steady::now();
    publishing = std::move(status);
    if (!publishing.ok()) return;
    published = size;
  }
}

// Makes all waiting leaves durable with one sync and one checkpoint.
// `lock` is held on entry and exit, not during I/O.
void Log::State::CommitGroup(const std::string& folder, const std::string& origin,
                             std::unique_lock<std::mutex>& lock) {
  committing = true;
  const std::vector<Pending*> group = std::exchange(waiting, {});
  const std::string lines = broken.ok() ? Enter(group) : "";
  const Checkpoint now{origin, tree.size(), tree.Root()};
  lock.unlock();
  const absl::Status written = broken.ok() ? file.Append(lines) : broken;
  const absl::Status synced = written.ok() ? file.Sync() : written;
  absl::StatusOr<std::string> note =
      synced.ok() ? SignCheckpoint(now, signer) : absl::StatusOr<std::string>(synced);
  const absl::Status vouching = note.status();
  lock.lock();
  if (synced.ok()) {
    durable = now.size;  // without a signature too: the leaves stand there, though nobody is told so
  } else {
    tree.Truncate(durable);
  }
  if (written.ok() && !synced.ok()) {
    broken = absl::UnavailableError(
        fmt::format("the log is closed until the host restarts: {}", MessageOf(synced)));
  }
  if (vouching.ok()) {
    checkpoint = *std::move(note);
    vouched = now.size;
  }
  Settle(group, vouching);
  committing = false;
  // Whoever comes first commits next: the one who is woken, or one who is running already.
  if (!waiting.empty()) waiting.front()->woken.notify_one();
  Publish(folder, origin, lock);
}

absl::StatusOr<std::unique_ptr<Log>> Log::Open(const std::string& folder, const std::string& origin,
                                               Signer signer) {
  if (!IsKeyName(origin)) {
    return absl::InvalidArgumentError(fmt::format("\"{}\" cannot name a log: no blanks and no +", origin));
  }
  RETURN_IF_ERROR(MakeFolders(folder));
  MerkleTree tree;
  absl::StatusOr<LeafFile> file = LeafFile::Open(LeavesPath(folder), tree);
  if (!file.ok() && !absl::IsDataLoss(file.status())) return file.status();
  std::unique_ptr<Log> log(new Log());
  log->folder_ = folder;
  log->origin_ = origin;
  log->public_key_ = signer.PublicKey();
  ASSIGN_OR_RETURN(const Checkpoint before,
                   ReadCheckpoint(folder, origin, log->public_key_, tree.size() > 0));
  ASSIGN_OR_RETURN(const std::string said, ReadHistoryText(folder));
  RETURN_IF_ERROR(Annotate(CheckLog(tree, file.status(), before, said, log->public_key_), folder));
  ASSIGN_OR_RETURN(HistoryFile history,
                   HistoryFile::Open(HistoryPath(folder), tree, origin, log->public_key_));
  log->state_ =
      std::make_shared<State>(*std::move(file), std::move(history), std::move(tree), std::move(signer));
  RETURN_IF_ERROR(log->state_->Start(folder, origin));
  return log;
}

absl::Status Log::State::Start(const std::string& folder, const std::string& origin) {
  RETURN_IF_ERROR(file.CutRest());
  RETURN_IF_ERROR(file.Sync());
  ASSIGN_OR_RETURN(checkpoint, SignCheckpoint({origin, durable, tree.Root()}, signer));
  vouched = durable;
  published = durable;
  RETURN_IF_ERROR(history.Write(history.Due(tree, durable, origin), signer));
  // Synced with the folder, so that a new log's files cannot vanish with what is acknowledged next.
  return WriteFileAtomically(CheckpointPath(folder), checkpoint);
}

absl::StatusOr<record::Receipt> Log::Append(json::Object body) {
  ASSIGN_OR_RETURN(record::Receipt receipt, SignReceipt(std::move(body), state_->signer));
  Pending pending;
  pending.commitment = receipt.leaf.hash;
  {
    std::unique_lock<std::mutex> lock(state_->mutex);
    RETURN_IF_ERROR(state_->broken);
    state_->waiting.push_back(&pending);
    pending.woken.wait(lock, [&] { return pending.done || !state_->committing; });
    if (!pending.done) state_->CommitGroup(folder_, origin_, lock);
  }
  RETURN_IF_ERROR(Annotate(pending.status, "the receipt could not be logged"));
  receipt.leaf.index = pending.index;
  receipt.proof = std::move(pending.proof);
  receipt.checkpoint = std::move(pending.checkpoint);
  return receipt;
}

uint64_t Log::size() const {
  const std::lock_guard<std::mutex> guard(state_->mutex);
  return state_->durable;
}

std::string Log::LatestCheckpoint() const {
  const std::lock_guard<std::mutex> guard(state_->mutex);
  return state_->checkpoint;
}

absl::StatusOr<std::string> Log::CheckpointAt(uint64_t size) const {
  std::string root;
  {
    const std::lock_guard<std::mutex> guard(state_->mutex);
    if (size > state_->durable) {
      return absl::OutOfRangeError(
          fmt::format("no checkpoint of {} leaves; the log has {}", size, state_->durable));
    }
    root = state_->tree.RootAt(size);
  }
  return SignCheckpoint({origin_, size, root}, state_->signer);
}

absl::StatusOr<std::vector<std::string>> Log::Prove(uint64_t index, uint64_t size) const {
  const std::lock_guard<std::mutex> guard(state_->mutex);
  if (index >= size || size > state_->durable) {
    return absl::OutOfRangeError(
        fmt::format("no leaf {} in a log of {} leaves; this one has {}", index, size, state_->durable));
  }
  return state_->tree.InclusionProof(index, size);
}

absl::StatusOr<std::vector<std::string>> Log::ProveConsistency(uint64_t old_size, uint64_t new_size) const {
  const std::lock_guard<std::mutex> guard(state_->mutex);
  if (old_size == 0 || old_size > new_size || new_size > state_->durable) {
    return absl::OutOfRangeError(fmt::format("no proof that a log of {} leaves grew to {}; this one has {}",
                                             old_size, new_size, state_->durable));
  }
  return state_->tree.ConsistencyProof(old_size, new_size);
}

absl::Status Log::Verify() const {
  uint64_t known, published;
  {
    const std::lock_guard<std::mutex> guard(state_->mutex);
    known = state_->durable;
    published = state_->published;
    RETURN_IF_ERROR(Annotate(state_->publishing, "the checkpoint could not be written"));
  }
  ASSIGN_OR_RETURN(const Checkpoint on_disk, ReadCheckpoint(folder_, origin_, public_key_, known > 0));
  MerkleTree tree;
  absl::Status status = ReadLeaves(LeavesPath(folder_), std::max(known, on_disk.size), tree);
  if (status.ok()) status = Annotate(CheckLeaves(tree, on_disk), folder_);
  if (!status.ok() && !absl::IsDataLoss(status)) return status;
  if (status.ok() && on_disk.size < published) {
    status =
        absl::DataLossError(fmt::format("{}: the checkpoint vouches for {} leaves, but {} were acknowledged",
                                        folder_, on_disk.size, published));
  }
  return state_->Compare(tree, known, status);
}

// What this process has acknowledged is the surest witness: it names the first leaf that differs.
absl::Status Log::State::Compare(const MerkleTree& on_disk, uint64_t known,
                                 const absl::Status& status) const {
  const std::lock_guard<std::mutex> guard(mutex);
  if (status.ok() && on_disk.size() >= known && on_disk.RootAt(known) == tree.RootAt(known)) return status;
  MerkleTree right = tree;
  right.Truncate(known);
  const std::optional<BadLeaf> bad = FindBadLeaf(on_disk, right);
  if (!bad) return status;
  return WithBadLeaf(status.ok()
                         ? absl::DataLossError("the leaves on the disk are not those that were acknowledged")
                         : status,
                     *bad);
}

}  // namespace concordat::audit
