#include "host/mapping/text_steps.h"

#include <algorithm>
#include <array>

#include "host/data/parse.h"

namespace concordat::mapping {
namespace {

std::string_view PartOf(std::string_view text, std::string_view by, int part) {
  std::vector<std::string_view> parts;
  while (true) {
    const size_t at = text.find(by);
    parts.push_back(text.substr(0, at));
    if (at == std::string_view::npos) break;
    text.remove_prefix(at + by.size());
  }
  const int64_t count = static_cast<int64_t>(parts.size());
  const int64_t index = part > 0 ? part - 1 : count + part;
  return index < 0 || index >= count ? std::string_view() : data::Trim(parts[static_cast<size_t>(index)]);
}

std::string Replaced(std::string_view text, std::string_view what, std::string_view with) {
  std::string out;
  while (true) {
    const size_t at = text.find(what);
    out += text.substr(0, at);
    if (at == std::string_view::npos) return out;
    out += with;
    text.remove_prefix(at + what.size());
  }
}

// Latin letters of two UTF-8 bytes whose cases lie a fixed way apart.
bool IsLatinCapital(unsigned char lead, unsigned char next) {
  if (lead == 0xC3) return next >= 0x80 && next <= 0x9E && next != 0x97;
  return false;
}
bool IsLatinSmall(unsigned char lead, unsigned char next) {
  if (lead == 0xC3) return next >= 0xA0 && next <= 0xBE && next != 0xB7;
  return false;
}

}  // namespace

std::string InCase(std::string_view text, policy::LetterCase letters) {
  std::string out(text);
  bool in_word = false;
  for (size_t i = 0; i < out.size(); ++i) {
    const auto c = static_cast<unsigned char>(out[i]);
    const bool upper =
        letters == policy::LetterCase::kUpper || (letters == policy::LetterCase::kTitle && !in_word);
    if (c < 0x80) {
      const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      if (upper && c >= 'a' && c <= 'z') out[i] = static_cast<char>(c - 32);
      if (!upper && c >= 'A' && c <= 'Z') out[i] = static_cast<char>(c + 32);
      in_word = letter || (c >= '0' && c <= '9') || (c == '\'' && in_word);
    } else if (i + 1 < out.size() && c == 0xC3) {
      const auto next = static_cast<unsigned char>(out[i + 1]);
      if (upper && IsLatinSmall(c, next)) out[i + 1] = static_cast<char>(next - 0x20);
      if (!upper && IsLatinCapital(c, next)) out[i + 1] = static_cast<char>(next + 0x20);
      in_word = true;
      ++i;
    } else {
      // A curly apostrophe belongs to its word, other signs beyond Latin-1 are letters or keep the word
      // going.
      in_word = true;
    }
  }
  return out;
}

absl::StatusOr<TextSteps> TextSteps::Create(const policy::FieldMapping& mapping) {
  TextSteps steps;
  if (mapping.split) {
    steps.split_ = true;
    steps.by_ = mapping.split->by;
    steps.part_ = mapping.split->part;
    steps.group_ = mapping.split->group;
    if (steps.by_.empty()) {
      ASSIGN_OR_RETURN(steps.pattern_, expr::CompilePattern(mapping.split->pattern));
    }
  }
  for (const policy::Replacement& replacement : mapping.replace) {
    Replacement made{replacement.text, nullptr, replacement.with};
    if (!replacement.pattern.empty()) {
      ASSIGN_OR_RETURN(made.pattern, expr::CompilePattern(replacement.pattern));
      std::string error;
      if (!made.pattern->CheckRewriteString(made.with, &error)) return absl::InvalidArgumentError(error);
    }
    steps.replacements_.push_back(std::move(made));
  }
  steps.letters_ = mapping.letters;
  return steps;
}

bool TextSteps::Apply(std::string_view text, std::string& out) const {
  std::string_view current = text;
  if (split_ && pattern_ == nullptr) {
    current = PartOf(text, by_, part_);
  } else if (split_) {
    constexpr int kMostGroups = 16;
    std::array<re2::StringPiece, kMostGroups> groups;
    const int wanted = std::min(group_, kMostGroups - 1);
    if (!pattern_->Match({text.data(), text.size()}, 0, text.size(), RE2::UNANCHORED, groups.data(),
                         wanted + 1))
      return false;
    const re2::StringPiece& group = groups[static_cast<size_t>(wanted)];
    current = group.data() == nullptr ? std::string_view() : std::string_view(group.data(), group.size());
  }
  if (replacements_.empty() && letters_ == policy::LetterCase::kAsWritten) {
    out += current;
    return true;
  }
  std::string made(current);
  for (const Replacement& replacement : replacements_) {
    if (replacement.pattern != nullptr)
      RE2::GlobalReplace(&made, *replacement.pattern, replacement.with);
    else
      made = Replaced(made, replacement.text, replacement.with);
  }
  out += letters_ == policy::LetterCase::kAsWritten ? made : InCase(made, letters_);
  return true;
}

}  // namespace concordat::mapping
