#include "host/policy/text_places.h"

#include <algorithm>

#include "host/base/utf8.h"

namespace concordat::policy {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr size_t kStride = 256;

}  // namespace

TextPlaces::TextPlaces(std::shared_ptr<const SourceText> source) : source_(std::move(source)) {
  const std::string_view text = source_->text;
  start_ = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  lines_.push_back(start_);
  for (size_t at = text.find('\n'); at != std::string_view::npos; at = text.find('\n', at + 1)) {
    lines_.push_back(at + 1);
  }
  size_t count = 0;
  for (size_t at = 0; at <= text.size(); at += kStride) {
    characters_.push_back(count);
    count += Utf8Length(text.substr(at, kStride));
  }
}

Place TextPlaces::At(size_t offset) const {
  offset = std::clamp(offset, start_, source_->text.size());
  const auto next = std::upper_bound(lines_.begin(), lines_.end(), offset);
  const auto line =
      static_cast<size_t>(next - lines_.begin());  // at least 1: the first line begins at start_
  const size_t column = CharactersBefore(offset) - CharactersBefore(lines_[line - 1]) + 1;
  return {source_, static_cast<int>(line), static_cast<int>(column)};
}

std::string_view TextPlaces::From(size_t offset) const {
  return std::string_view(source_->text).substr(std::min(offset, source_->text.size()));
}

size_t TextPlaces::CharactersBefore(size_t offset) const {
  const size_t step = offset / kStride;
  return characters_[step] +
         Utf8Length(std::string_view(source_->text).substr(step * kStride, offset % kStride));
}

}  // namespace concordat::policy
