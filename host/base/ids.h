// Small types that cannot be swapped: a PartnerId is not a DatasetId.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace concordat {

/// A name with a kind; Tag is never defined. Plain value: copy, compare, hash.
template <typename Tag>
class Id {
 public:
  Id() = default;
  explicit Id(std::string_view text) : text_(text) {}

  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  friend auto operator<=>(const Id&, const Id&) = default;

  template <typename H>
  friend H AbslHashValue(H state, const Id& id) {
    return H::combine(std::move(state), id.text_);
  }

 private:
  std::string text_;
};

using PartnerId = Id<struct PartnerTag>;
using DatasetId = Id<struct DatasetTag>;  // "name" or "name/object"
using FeedId = Id<struct FeedTag>;
using ProtocolId = Id<struct ProtocolTag>;
using TemplateId = Id<struct TemplateTag>;
using SubmissionId = Id<struct SubmissionTag>;  // "S-" and 16 hexadecimal digits
using ReceiptId = Id<struct ReceiptTag>;        // "R-" and 16 hexadecimal digits

/// `prefix` and 16 random hexadecimal digits from the system's generator.
std::string NewRandomId(std::string_view prefix);

}  // namespace concordat

template <typename Tag>
struct std::hash<concordat::Id<Tag>> {
  size_t operator()(const concordat::Id<Tag>& id) const { return std::hash<std::string>()(id.str()); }
};
