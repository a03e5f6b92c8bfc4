// What was made of a text a while ago: files repeat themselves.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace concordat::mapping {

enum class CellOutcome : uint8_t { kMapped, kFailed };

/// A fixed number of places, each for the text that came there last. It gives up where texts do not repeat.
class TextCache {
 public:
  struct Entry {
    std::string text;
    std::string result;
    CellOutcome outcome = CellOutcome::kMapped;
    bool used = false;
  };

  bool gave_up() const { return gave_up_; }
  /// The text's place: `hit` when it holds this text, else to be filled.
  Entry& At(std::string_view text, bool& hit) {
    if (entries_.empty()) entries_.resize(kPlaces);
    Entry& entry = entries_[std::hash<std::string_view>()(text) % kPlaces];
    hit = entry.used && entry.text == text;
    hits_ += hit;
    if (++asked_ == kTrial) {
      gave_up_ = hits_ < kTrial / 4;
      hits_ = asked_ = 0;
    }
    return entry;
  }

 private:
  static constexpr size_t kPlaces = 1024;
  static constexpr uint64_t kTrial = 8192;
  std::vector<Entry> entries_;
  uint64_t asked_ = 0;
  uint64_t hits_ = 0;
  bool gave_up_ = false;
};

}  // namespace concordat::mapping
