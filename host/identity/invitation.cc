#include "host/identity/invitation.h"

#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/base/json.h"

namespace concordat::identity {

std::string WriteInvitation(const InvitationFile& invitation) {
  return json::Pretty(json::Object{{"concordat", "invitation"},
                                   {"version", 1},
                                   {"host", invitation.host},
                                   {"spiffeId", invitation.spiffe_id},
                                   {"expires", TimeText(invitation.expires)},
                                   {"ca", invitation.ca},
                                   {"certificate", invitation.certificate},
                                   {"key", invitation.private_key}});
}

absl::StatusOr<InvitationFile> ReadInvitation(std::string_view text) {
  const absl::StatusOr<json::Value> value = json::Parse(text);
  if (!value.ok() || !value->is_object() || json::TextOr(*value, "concordat", "") != "invitation")
    return absl::InvalidArgumentError("this is no invitation file of Concordat");
  InvitationFile invitation;
  invitation.host = json::TextOr(*value, "host", "");
  invitation.spiffe_id = json::TextOr(*value, "spiffeId", "");
  invitation.ca = json::TextOr(*value, "ca", "");
  invitation.certificate = json::TextOr(*value, "certificate", "");
  invitation.private_key = json::TextOr(*value, "key", "");
  ASSIGN_OR_RETURN(invitation.expires, ParseTime(json::TextOr(*value, "expires", "")));
  return invitation;
}

std::string InvitationOf(const Certificate& certificate, std::string_view trust_domain) {
  const std::string prefix = fmt::format("spiffe://{}/enrolling/", trust_domain);
  if (certificate.uris.size() != 1 || certificate.uris[0].compare(0, prefix.size(), prefix) != 0) return "";
  return certificate.uris[0].substr(prefix.size());
}

}  // namespace concordat::identity
