#include "host/audit/history.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <unordered_map>

#include "fmt/format.h"
#include "host/audit/note.h"
#include "host/base/encoding.h"

namespace concordat::audit {
namespace {

constexpr std::string_view kMark = "leaves ";
constexpr uint64_t kNowhere = UINT64_MAX;

std::string CheckOf(const MerkleTree& tree, uint64_t leaf) {
  return std::string(tree.Leaf(leaf).substr(0, kCheckBytes));
}

absl::StatusOr<std::string> SignEntry(const HistoryEntry& entry, const Signer& signer) {
  const Checkpoint& at = entry.checkpoint;
  return SignNote(fmt::format("{}\n{}\n{}\n{}{} {}\n", at.origin, at.size, Base64Encode(at.root), kMark,
                              entry.first, Base64Encode(entry.checks)),
                  at.origin, signer);
}

// The line "leaves FIRST CHECKS" of a note whose signature holds.
bool ReadChecks(std::string_view note, HistoryEntry& entry) {
  const size_t at = note.find(fmt::format("\n{}", kMark));
  if (at == std::string_view::npos) return false;
  std::string_view line = note.substr(at + 1 + kMark.size());
  line = line.substr(0, line.find('\n'));
  const size_t blank = line.find(' ');
  if (blank == std::string_view::npos) return false;
  const auto number = std::from_chars(line.data(), line.data() + blank, entry.first);
  if (number.ec != std::errc() || number.ptr != line.data() + blank) return false;
  const std::optional<std::string> checks = Base64Decode(line.substr(blank + 1));
  if (!checks || entry.first >= entry.checkpoint.size) return false;
  entry.checks = *checks;
  return entry.checks.size() == (entry.checkpoint.size - entry.first) * kCheckBytes;
}

// Every note begins with the log's name on a line of its own, so that one damaged note hides no other.
std::vector<size_t> NoteStarts(std::string_view text, const std::string& origin) {
  std::vector<size_t> starts;
  const std::string line = origin + "\n";
  for (size_t at = text.find(line); at != std::string_view::npos; at = text.find(line, at + 1)) {
    if (at == 0 || text[at - 1] == '\n') starts.push_back(at);
  }
  return starts;
}

// What was signed of the leaves, as far as it is known: a look-up both ways.
class Signed {
 public:
  explicit Signed(const std::vector<HistoryEntry>& history) {
    for (const HistoryEntry& entry : history) {
      for (uint64_t leaf = entry.first; leaf < entry.checkpoint.size; ++leaf) {
        std::string check = entry.checks.substr((leaf - entry.first) * kCheckBytes, kCheckBytes);
        places_.emplace(check, leaf);
        checks_[leaf] = std::move(check);
      }
    }
  }
  uint64_t PlaceOf(const std::string& check) const {
    const auto found = places_.find(check);
    return found == places_.end() ? kNowhere : found->second;
  }
  std::string At(uint64_t leaf) const {
    const auto found = checks_.find(leaf);
    return found == checks_.end() ? "" : found->second;
  }

 private:
  std::unordered_map<std::string, uint64_t> places_;
  std::unordered_map<uint64_t, std::string> checks_;
};

uint64_t FindIn(const MerkleTree& tree, uint64_t begin, const std::string& check) {
  for (uint64_t leaf = begin; leaf < tree.size() && !check.empty(); ++leaf) {
    if (tree.Leaf(leaf).substr(0, kCheckBytes) == check) return leaf;
  }
  return kNowhere;
}

// In words what was done at the first leaf that differs.
std::string What(const MerkleTree& tree, bool unreadable, uint64_t bad, const Signed& right) {
  if (bad >= tree.size()) {
    return unreadable ? "that line holds no leaf" : "it is gone, and so is what followed it: the log was cut";
  }
  const uint64_t stands_here = right.PlaceOf(CheckOf(tree, bad));    // the leaf that was put there
  const uint64_t stands_now = FindIn(tree, bad + 1, right.At(bad));  // where the right one went
  if (stands_here != kNowhere && stands_here == stands_now)
    return fmt::format("leaves {} and {} have changed places", bad, stands_here);
  if (stands_now != kNowhere)
    return fmt::format("something stands in its place, and it stands at {}", stands_now);
  if (stands_here != kNowhere && stands_here > bad)
    return fmt::format("it is gone, and leaf {} stands in its place", stands_here);
  if (bad + 1 < tree.size() && !right.At(bad + 1).empty() && CheckOf(tree, bad + 1) != right.At(bad + 1))
    return "another leaf stands in its place and in the next one's: the log was rewritten from there on";
  return "another leaf stands in its place";
}

std::optional<BadLeaf> Bad(uint64_t first, uint64_t last, std::string what) {
  return BadLeaf{first, std::max(first, last), std::move(what)};
}

constexpr char kBetween[] =
    "which of them was altered, no signed record says: checkpoints.log is missing or altered too";

}  // namespace

std::string BadLeaf::Sentence() const {
  if (first == last)
    return fmt::format("first bad leaf: {} (line {} of leaves.log): {}", first, first + 1, what);
  return fmt::format("first bad leaf: between {} and {} (lines {} to {} of leaves.log): {}", first, last,
                     first + 1, last + 1, what);
}

json::Object BadLeaf::ToJson() const {
  return {{"first", first}, {"last", last}, {"line", first + 1}, {"what", what}};
}

std::vector<HistoryEntry> ReadHistory(std::string_view text, const std::string& origin,
                                      std::string_view public_key) {
  std::vector<HistoryEntry> history;
  const std::vector<size_t> starts = NoteStarts(text, origin);
  for (size_t i = 0; i < starts.size(); ++i) {
    const size_t end = i + 1 < starts.size() ? starts[i + 1] : text.size();
    const std::string_view note = text.substr(starts[i], end - starts[i]);
    absl::StatusOr<Checkpoint> checkpoint = OpenCheckpoint(note, public_key);
    if (!checkpoint.ok() || checkpoint->origin != origin) continue;
    HistoryEntry entry{*std::move(checkpoint), 0, "", starts[i], end};
    if (ReadChecks(note, entry)) history.push_back(std::move(entry));
  }
  std::stable_sort(history.begin(), history.end(), [](const HistoryEntry& left, const HistoryEntry& right) {
    return left.checkpoint.size < right.checkpoint.size;
  });
  return history;
}

std::optional<BadLeaf> FindBadLeaf(const MerkleTree& tree, bool unreadable, const Checkpoint& checkpoint,
                                   const std::vector<HistoryEntry>& history) {
  uint64_t sound = 0;  // the leaves before are as they were signed
  const auto differs = [&](uint64_t leaf, const HistoryEntry& entry) {
    return leaf >= tree.size() ||
           CheckOf(tree, leaf) != entry.checks.substr((leaf - entry.first) * kCheckBytes, kCheckBytes);
  };
  for (const HistoryEntry& entry : history) {
    const uint64_t size = entry.checkpoint.size;
    if (size <= tree.size() && tree.RootAt(size) == entry.checkpoint.root) {
      sound = std::max(sound, size);
      continue;
    }
    uint64_t leaf = std::max(sound, entry.first);
    while (leaf < size && !differs(leaf, entry)) ++leaf;
    if (entry.first <= sound && leaf < size)
      return Bad(leaf, leaf, What(tree, unreadable, leaf, Signed(history)));
    // Its own leaves are right or not: something in the gap before it, which no entry covers, is not.
    return Bad(sound, std::min(leaf, size - 1), kBetween);
  }
  if (tree.size() < checkpoint.size) {
    const std::string what = What(tree, unreadable, tree.size(), Signed({}));
    return tree.size() == sound ? Bad(sound, sound, what) : Bad(sound, tree.size(), kBetween);
  }
  if (tree.RootAt(checkpoint.size) != checkpoint.root) return Bad(sound, checkpoint.size - 1, kBetween);
  if (unreadable) return Bad(tree.size(), tree.size(), What(tree, unreadable, tree.size(), Signed({})));
  return std::nullopt;
}

std::optional<BadLeaf> FindBadLeaf(const MerkleTree& tree, const MerkleTree& right) {
  if (right.size() <= tree.size() && tree.RootAt(right.size()) == right.Root()) return std::nullopt;
  uint64_t leaf = 0;
  while (leaf < tree.size() && leaf < right.size() && tree.Leaf(leaf) == right.Leaf(leaf)) ++leaf;
  HistoryEntry all{{"", right.size(), ""}, 0, "", 0, 0};
  for (uint64_t i = 0; i < right.size(); ++i) all.checks += CheckOf(right, i);
  return Bad(leaf, leaf, What(tree, false, leaf, Signed({all})));
}

absl::StatusOr<HistoryFile> HistoryFile::Open(const std::string& path, const MerkleTree& tree,
                                              const std::string& origin, std::string_view public_key) {
  HistoryFile file;
  file.path_ = path;
  file.fd_ = FileDescriptor(open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!file.fd_.valid()) return ErrnoStatus(errno, "open " + path);
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  for (const HistoryEntry& entry : ReadHistory(text, origin, public_key)) {
    const uint64_t size = entry.checkpoint.size;
    if (entry.begin != file.offset_ || entry.first != file.block_ || size != file.block_ + kHistoryBlock)
      break;
    if (size > tree.size() || tree.RootAt(size) != entry.checkpoint.root) break;
    file.offset_ = entry.end;
    file.block_ = size;
  }
  if (ftruncate(file.fd_.get(), static_cast<off_t>(file.offset_)) != 0)
    return ErrnoStatus(errno, "cut " + path);
  return file;
}

std::vector<HistoryEntry> HistoryFile::Due(const MerkleTree& tree, uint64_t size,
                                           const std::string& origin) const {
  std::vector<HistoryEntry> due;
  for (uint64_t first = block_; first < size; first += kHistoryBlock) {
    const uint64_t end = std::min(first + kHistoryBlock, size);
    HistoryEntry entry{{origin, end, tree.RootAt(end)}, first, "", 0, 0};
    for (uint64_t leaf = first; leaf < end; ++leaf) entry.checks += tree.Leaf(leaf).substr(0, kCheckBytes);
    due.push_back(std::move(entry));
  }
  return due;
}

absl::Status HistoryFile::Write(const std::vector<HistoryEntry>& due, const Signer& signer) {
  for (const HistoryEntry& entry : due) {
    ASSIGN_OR_RETURN(const std::string note, SignEntry(entry, signer));
    std::string_view left = note;
    for (uint64_t at = offset_; !left.empty();) {
      const ssize_t count = pwrite(fd_.get(), left.data(), left.size(), static_cast<off_t>(at));
      if (count < 0 && errno == EINTR) continue;
      if (count < 0) return ErrnoStatus(errno, "write " + path_);
      left.remove_prefix(static_cast<size_t>(count));
      at += static_cast<uint64_t>(count);
    }
    if (entry.checkpoint.size % kHistoryBlock != 0) continue;
    offset_ += note.size();
    block_ = entry.checkpoint.size;
  }
  return absl::OkStatus();
}

}  // namespace concordat::audit
