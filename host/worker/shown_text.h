// What an adapter says to people, made fit to be shown.
#pragma once

#include <string>
#include <string_view>

namespace concordat::worker {

/// At most `limit` bytes, cut between two characters; each byte that is no UTF-8 becomes U+FFFD (it may be
/// the very reason why a record is unreadable), so that the result can be a little longer.
std::string ShownText(std::string_view text, size_t limit);

}  // namespace concordat::worker
