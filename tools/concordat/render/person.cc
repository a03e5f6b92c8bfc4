#include "tools/concordat/render/person.h"

#include "host/identity/spiffe_id.h"

namespace concordat::cli {

std::string PersonText(const std::string& spiffe_id) { return identity::PersonInWords(spiffe_id); }

}  // namespace concordat::cli
