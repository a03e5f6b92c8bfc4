#include "host/identity/authority.h"

#include <openssl/err.h>

#include <algorithm>

#include "fmt/format.h"
#include "host/base/clock.h"
#include "host/identity/certificate.h"
#include "host/identity/certificate_request.h"
#include "host/identity/openssl.h"

namespace concordat::identity {
namespace {

constexpr std::string_view kScheme = "spiffe://";
constexpr absl::Duration kBehind = absl::Hours(1);

// The URI of an authority is its trust domain without a path (SPIFFE X509-SVID, section 2).
absl::StatusOr<std::string> TrustDomainOf(const Certificate& certificate) {
  if (certificate.uris.size() != 1 || certificate.uris[0].substr(0, kScheme.size()) != kScheme) {
    return absl::InvalidArgumentError("the authority's certificate does not name a trust domain");
  }
  std::string domain = certificate.uris[0].substr(kScheme.size());
  RETURN_IF_ERROR(CheckTrustDomain(domain));
  return domain;
}

// A leaf that outlives its authority would fail in a way that nobody understands.
absl::Status SetLeafTimes(X509* authority, const Validity& validity, CertificateRequest& request) {
  const absl::Time start = TimeOf(X509_get0_notBefore(authority));
  const absl::Time end = TimeOf(X509_get0_notAfter(authority));
  if (validity.now < start) {
    return absl::FailedPreconditionError(fmt::format(
        "the authority's certificate starts on {}; is this machine's clock right?", TimeText(start)));
  }
  if (validity.now >= end) {
    return absl::FailedPreconditionError(
        fmt::format("the authority's certificate ended on {}; make a new one with \"concordat pki init\"",
                    TimeText(end)));
  }
  if (validity.leaf <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError("a certificate must be valid for some time");
  }
  request.not_before = std::max(validity.now - kBehind, start);
  request.not_after = std::min(validity.now + validity.leaf, end);
  return absl::OkStatus();
}

absl::StatusOr<std::string> IssueFor(CertificateRequest request, EVP_PKEY* key, X509* authority,
                                     EVP_PKEY* authority_key, const Validity& validity) {
  RETURN_IF_ERROR(SetLeafTimes(authority, validity, request));
  request.basic_constraints = "critical,CA:FALSE";
  request.key_usage = "critical,digitalSignature";
  ASSIGN_OR_RETURN(const Owned<X509> certificate, MakeCertificate(request, key, authority, authority_key));
  return WriteX509(*certificate);
}

absl::StatusOr<Credentials> Issue(CertificateRequest request, X509* authority, EVP_PKEY* authority_key,
                                  const Validity& validity) {
  ASSIGN_OR_RETURN(const Owned<EVP_PKEY> key, NewP256Key());
  ASSIGN_OR_RETURN(std::string certificate,
                   IssueFor(std::move(request), key.get(), authority, authority_key, validity));
  return Credentials{std::move(certificate), WritePrivateKey(*key)};
}

CertificateRequest ClientOf(const SpiffeId& holder) {
  CertificateRequest request;
  request.organisation = holder.partner.str();
  request.common_name = holder.name;
  request.uri = holder.str();
  request.extended_key_usage = "clientAuth";
  return request;
}

}  // namespace

absl::StatusOr<Authority> Authority::Create(const std::string& trust_domain, const Validity& validity) {
  RETURN_IF_ERROR(CheckTrustDomain(trust_domain));
  if (validity.authority <= absl::ZeroDuration()) {
    return absl::InvalidArgumentError("an authority must be valid for some time");
  }
  CertificateRequest request;
  request.organisation = trust_domain;
  request.common_name = "Concordat authority";
  request.uri = std::string(kScheme) + trust_domain;
  request.basic_constraints = "critical,CA:TRUE,pathlen:0";
  request.key_usage = "critical,keyCertSign,cRLSign";
  request.not_before = validity.now - kBehind;
  request.not_after = validity.now + validity.authority;
  ASSIGN_OR_RETURN(Owned<EVP_PKEY> key, NewP256Key());
  ASSIGN_OR_RETURN(Owned<X509> certificate, MakeCertificate(request, key.get(), nullptr, key.get()));
  Authority authority;
  authority.trust_domain_ = trust_domain;
  authority.certificate_ = std::move(certificate);
  authority.key_ = std::move(key);
  return authority;
}

absl::StatusOr<Authority> Authority::FromPem(std::string_view certificate, std::string_view private_key) {
  ASSIGN_OR_RETURN(const Certificate about, ReadCertificate(certificate));
  if (!about.authority) return absl::InvalidArgumentError("the certificate is not an authority's");
  Authority authority;
  ASSIGN_OR_RETURN(authority.trust_domain_, TrustDomainOf(about));
  ASSIGN_OR_RETURN(Owned<X509> x509, ReadX509(certificate));
  ASSIGN_OR_RETURN(Owned<EVP_PKEY> key, ReadPrivateKey(private_key));
  if (X509_check_private_key(x509.get(), key.get()) != 1) {
    ERR_clear_error();
    return absl::InvalidArgumentError("the private key is not the one of the authority's certificate");
  }
  authority.certificate_ = std::move(x509);
  authority.key_ = std::move(key);
  return authority;
}

absl::StatusOr<Credentials> Authority::IssueServer(const std::vector<std::string>& hosts,
                                                   const Validity& validity) const {
  if (hosts.empty()) {
    return absl::InvalidArgumentError("name the hosts under which the host is reached, such as localhost");
  }
  for (const std::string& host : hosts) {
    if (IsHost(host)) continue;
    return absl::InvalidArgumentError(fmt::format("\"{}\" is neither a DNS name nor an IP address", host));
  }
  CertificateRequest request;
  request.organisation = trust_domain_;
  request.common_name = hosts.front();
  request.uri = fmt::format("{}{}/{}", kScheme, trust_domain_, kHostPartner);
  request.hosts = hosts;
  request.extended_key_usage = "serverAuth";
  return Issue(std::move(request), certificate_.get(), key_.get(), validity);
}

absl::Status Authority::CheckHolder(const SpiffeId& holder) const {
  RETURN_IF_ERROR(CheckSpiffeId(holder));
  if (holder.trust_domain == trust_domain_) return absl::OkStatus();
  return absl::InvalidArgumentError(
      fmt::format("{} is not of this authority's trust domain {}", holder.str(), trust_domain_));
}

absl::StatusOr<Credentials> Authority::IssueClient(const SpiffeId& holder, const Validity& validity) const {
  RETURN_IF_ERROR(CheckHolder(holder));
  return Issue(ClientOf(holder), certificate_.get(), key_.get(), validity);
}

absl::StatusOr<std::string> Authority::IssueForRequest(std::string_view request_pem, const SpiffeId& holder,
                                                       const Validity& validity) const {
  RETURN_IF_ERROR(CheckHolder(holder));
  ASSIGN_OR_RETURN(const Owned<EVP_PKEY> key, KeyOfRequest(request_pem));
  return IssueFor(ClientOf(holder), key.get(), certificate_.get(), key_.get(), validity);
}

absl::StatusOr<Credentials> Authority::IssueInvitation(const std::string& id,
                                                       const Validity& validity) const {
  CertificateRequest request;
  request.organisation = trust_domain_;
  request.common_name = "invitation " + id;
  request.uri = fmt::format("{}{}/enrolling/{}", kScheme, trust_domain_, id);
  request.extended_key_usage = "clientAuth";
  return Issue(std::move(request), certificate_.get(), key_.get(), validity);
}

Credentials Authority::ToPem() const { return {WriteX509(*certificate_), WritePrivateKey(*key_)}; }

}  // namespace concordat::identity
