// People as other people read of them.
#pragma once

#include <string>

namespace concordat::pages {

/// "dana, delegate of constabulary" of a SPIFFE ID; anything else as it stands.
std::string PersonText(const std::string& spiffe_id);

}  // namespace concordat::pages
