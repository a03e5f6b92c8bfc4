#include "tools/concordat/render/person.h"

#include "fmt/format.h"
#include "host/identity/spiffe_id.h"

namespace concordat::cli {

std::string PersonText(const std::string& spiffe_id) {
  const auto person = identity::ParseSpiffeId(spiffe_id);
  if (!person.ok()) return spiffe_id;
  return fmt::format("{}, {} of {}", person->name, person->role, person->partner.str());
}

}  // namespace concordat::cli
