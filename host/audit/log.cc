#include "host/audit/log.h"

#include <condition_variable>
#include <mutex>
#include <utility>

#include "fmt/format.h"
#include "host/audit/leaf_file.h"
#include "host/audit/sign_receipt.h"
#include "host/base/files.h"
#include "host/base/named_key.h"

namespace concordat::audit {
namespace {

std::string LeavesPath(const std::string& folder) { return folder + "/leaves.log"; }
std::string CheckpointPath(const std::string& folder) { return folder + "/checkpoint"; }

// A caller who waits for the leaf to become durable.
struct Pending {
  std::string commitment;
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

}  // namespace

struct Log::State {
  State(LeafFile leaf_file, MerkleTree leaves, Signer key)
      : file(std::move(leaf_file)), tree(std::move(leaves)), durable(tree.size()), signer(std::move(key)) {}

  absl::StatusOr<std::string> WriteCheckpoint(const std::string& folder, const Checkpoint& now) const;
  void CommitGroup(const std::string& folder, const std::string& origin, std::unique_lock<std::mutex>& lock);
  std::string Enter(const std::vector<Pending*>& group);
  void Settle(const std::vector<Pending*>& group, const absl::Status& status);

  LeafFile file;  // touched only by the thread that commits
  mutable std::mutex mutex;
  std::condition_variable group_done;
  MerkleTree tree;         // runs ahead of `durable` while a group is being written
  uint64_t durable;        // leaves on the disk
  std::string checkpoint;  // the latest signed note
  std::vector<Pending*> waiting;
  bool committing = false;
  absl::Status broken;  // why nothing can be appended any more
  const Signer signer;
};

absl::StatusOr<std::string> Log::State::WriteCheckpoint(const std::string& folder,
                                                        const Checkpoint& now) const {
  std::string note = SignCheckpoint(now, signer);
  // An older checkpoint would do after a power failure: leaves beyond it are kept.
  RETURN_IF_ERROR(SwapFile(CheckpointPath(folder), note));
  return note;
}

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
  }
  group_done.notify_all();
}

// Makes all waiting leaves durable with one sync and one checkpoint.
// `lock` is held on entry and exit, not during I/O.
void Log::State::CommitGroup(const std::string& folder, const std::string& origin,
                             std::unique_lock<std::mutex>& lock) {
  const std::vector<Pending*> group = std::exchange(waiting, {});
  if (!broken.ok()) return Settle(group, broken);
  committing = true;
  const std::string lines = Enter(group);
  const Checkpoint now{origin, tree.size(), tree.Root()};
  lock.unlock();
  const absl::Status written = file.Append(lines);
  const absl::Status synced = written.ok() ? file.Sync() : written;
  // Once durable, leaves are part of the log even when the checkpoint fails: the next one covers them.
  const absl::StatusOr<std::string> note = synced.ok() ? WriteCheckpoint(folder, now) : synced;
  lock.lock();
  committing = false;
  if (synced.ok()) durable = now.size;
  if (!synced.ok()) tree.Truncate(durable);
  if (written.ok() && !synced.ok()) {
    broken = absl::UnavailableError(
        fmt::format("the log is closed until the host restarts: {}", MessageOf(synced)));
  }
  if (note.ok()) checkpoint = *note;
  Settle(group, note.status());
}

absl::StatusOr<std::unique_ptr<Log>> Log::Open(const std::string& folder, const std::string& origin,
                                               Signer signer) {
  if (!IsKeyName(origin)) {
    return absl::InvalidArgumentError(fmt::format("\"{}\" cannot name a log: no blanks and no +", origin));
  }
  RETURN_IF_ERROR(MakeFolders(folder));
  MerkleTree tree;
  ASSIGN_OR_RETURN(LeafFile file, LeafFile::Open(LeavesPath(folder), tree));
  std::unique_ptr<Log> log(new Log());
  log->folder_ = folder;
  log->origin_ = origin;
  log->public_key_ = signer.PublicKey();
  ASSIGN_OR_RETURN(const Checkpoint before,
                   ReadCheckpoint(folder, origin, log->public_key_, tree.size() > 0));
  RETURN_IF_ERROR(Annotate(CheckLeaves(tree, before), folder));
  const Checkpoint now{origin, tree.size(), tree.Root()};
  log->state_ = std::make_shared<State>(std::move(file), std::move(tree), std::move(signer));
  RETURN_IF_ERROR(log->state_->file.CutRest());
  RETURN_IF_ERROR(log->state_->file.Sync());
  log->state_->checkpoint = SignCheckpoint(now, log->state_->signer);
  // Synced with the folder, so that a new log's files cannot vanish with what is acknowledged next.
  RETURN_IF_ERROR(WriteFileAtomically(CheckpointPath(folder), log->state_->checkpoint));
  return log;
}

absl::StatusOr<record::Receipt> Log::Append(json::Object body) {
  ASSIGN_OR_RETURN(record::Receipt receipt, SignReceipt(std::move(body), state_->signer));
  Pending pending{.commitment = receipt.leaf.hash};
  {
    std::unique_lock<std::mutex> lock(state_->mutex);
    RETURN_IF_ERROR(state_->broken);
    state_->waiting.push_back(&pending);
    state_->group_done.wait(lock, [&] { return pending.done || !state_->committing; });
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
  ASSIGN_OR_RETURN(const Checkpoint known, OpenCheckpoint(LatestCheckpoint(), public_key_));
  ASSIGN_OR_RETURN(const Checkpoint on_disk, ReadCheckpoint(folder_, origin_, public_key_, known.size > 0));
  if (on_disk.size < known.size) {
    return absl::DataLossError(
        fmt::format("{}: the checkpoint vouches for {} leaves, but {} were acknowledged", folder_,
                    on_disk.size, known.size));
  }
  ASSIGN_OR_RETURN(const MerkleTree tree, ReadLeaves(LeavesPath(folder_), on_disk.size));
  RETURN_IF_ERROR(Annotate(CheckLeaves(tree, on_disk), folder_));
  return Annotate(CheckLeaves(tree, known), folder_);
}

}  // namespace concordat::audit
