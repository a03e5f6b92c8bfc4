#include "host/flows/certificate_ends.h"

#include <algorithm>
#include <map>
#include <vector>

#include "host/base/files.h"
#include "host/identity/certificate.h"

namespace concordat::flows {
namespace {

struct Ending {
  std::string holder;
  absl::Time ends;
  std::string fingerprint;
};

// Of everybody, what ends last: an older certificate beside a renewed one needs nobody's care.
absl::StatusOr<std::vector<Ending>> LastOfEverybody(const HostParts& host) {
  ASSIGN_OR_RETURN(const std::vector<store::Enrolment> enrolments, host.store->ListEnrolments());
  std::map<std::string, Ending> last;
  for (const store::Enrolment& enrolment : enrolments) {
    if (enrolment.revoked) continue;
    const absl::StatusOr<identity::Certificate> certificate =
        identity::ReadCertificate(enrolment.certificate);
    if (!certificate.ok()) continue;
    Ending& ending = last[enrolment.spiffe_id];
    if (!ending.holder.empty() && ending.ends >= certificate->not_after) continue;
    ending = {enrolment.spiffe_id, certificate->not_after, enrolment.fingerprint};
  }
  std::vector<Ending> endings;
  for (auto& [holder, ending] : last) endings.push_back(std::move(ending));
  return endings;
}

}  // namespace

absl::StatusOr<json::Value> CertificateEndsJson(const HostParts& host, const std::string& host_certificate) {
  ASSIGN_OR_RETURN(std::vector<Ending> endings, LastOfEverybody(host));
  const absl::StatusOr<std::string> pem = ReadFile(host_certificate);
  const auto own = identity::ReadCertificate(pem.ok() ? *pem : "");
  if (own.ok()) endings.push_back({"the host itself", own->not_after, own->fingerprint});
  const absl::Time now = host.clock->Now();
  std::sort(endings.begin(), endings.end(), [](const Ending& a, const Ending& b) { return a.ends < b.ends; });
  json::Array told;
  for (const Ending& ending : endings) {
    if (ending.ends - now > kEndsSoon) continue;
    told.push_back(json::Object{{"holder", ending.holder},
                                {"ends", TimeText(ending.ends)},
                                {"days", absl::ToInt64Hours(ending.ends - now) / 24},
                                {"fingerprint", ending.fingerprint}});
  }
  return told;
}

}  // namespace concordat::flows
