#include "host/pages/person.h"

#include "host/identity/spiffe_id.h"

namespace concordat::pages {

std::string PersonText(const std::string& spiffe_id) { return identity::PersonInWords(spiffe_id); }

}  // namespace concordat::pages
