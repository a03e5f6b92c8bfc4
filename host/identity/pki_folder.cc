#include "host/identity/pki_folder.h"

#include <unistd.h>

#include "fmt/format.h"
#include "host/base/files.h"
#include "host/base/named_key.h"
#include "host/identity/certificate.h"
#include "host/identity/openssl.h"

namespace concordat::identity {
namespace {

constexpr unsigned kSecret = 0600;
constexpr unsigned kPublic = 0644;

struct NewFile {
  std::string path;
  std::string content;
  unsigned mode;
};

absl::Status WithoutOverwriting(const absl::Status& status, const std::string& path) {
  if (!absl::IsAlreadyExists(status)) return status;
  return absl::AlreadyExistsError(fmt::format(
      "{} is there already and is not overwritten; choose another folder or name, or move it away", path));
}

// All of them or none: a file that is there already ends it, and what was made before is taken away again.
absl::Status WriteNewFiles(const std::vector<NewFile>& files) {
  for (size_t i = 0; i < files.size(); ++i) {
    const absl::Status status = CreateFile(files[i].path, files[i].content, files[i].mode);
    if (status.ok()) continue;
    for (size_t made = 0; made < i; ++made) unlink(files[made].path.c_str());
    return WithoutOverwriting(status, files[i].path);
  }
  return absl::OkStatus();
}

struct SigningKey {
  std::string private_pem;
  std::string public_pem;
  std::string raw_public;  // 32 bytes
};

absl::StatusOr<SigningKey> NewSigningKey() {
  const Owned<EVP_PKEY> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  if (key == nullptr) return OpenSslError("make an Ed25519 key");
  std::string raw(32, '\0');
  size_t size = raw.size();
  if (EVP_PKEY_get_raw_public_key(key.get(), Bytes(raw), &size) != 1) {
    return OpenSslError("read the public key");
  }
  return SigningKey{WritePrivateKey(*key), WritePublicKey(*key), raw};
}

}  // namespace

PkiFiles PkiFilesIn(const std::string& folder) {
  return {folder + "/ca.crt",           folder + "/ca.key",           folder + "/host.crt",
          folder + "/host.key",         folder + "/host-signing.key", folder + "/host-signing.pub",
          folder + "/host-signing.vkey"};
}

std::string LogOrigin(const std::string& trust_domain) { return trust_domain + "/concordat"; }

absl::StatusOr<PkiFiles> InitPki(const std::string& folder, const std::string& trust_domain,
                                 const std::vector<std::string>& hosts, const Validity& validity) {
  ASSIGN_OR_RETURN(const Authority authority, Authority::Create(trust_domain, validity));
  ASSIGN_OR_RETURN(const Credentials host, authority.IssueServer(hosts, validity));
  ASSIGN_OR_RETURN(const SigningKey signing, NewSigningKey());
  RETURN_IF_ERROR(MakeFolders(folder, 0700));
  const PkiFiles files = PkiFilesIn(folder);
  const Credentials own = authority.ToPem();
  const NamedKey verifier{LogOrigin(trust_domain), signing.raw_public};
  RETURN_IF_ERROR(WriteNewFiles({{files.authority_key, own.private_key, kSecret},
                                 {files.authority_certificate, own.certificate, kPublic},
                                 {files.host_key, host.private_key, kSecret},
                                 {files.host_certificate, host.certificate, kPublic},
                                 {files.signing_key, signing.private_pem, kSecret},
                                 {files.signing_public_key, signing.public_pem, kPublic},
                                 {files.verifier_key, verifier.Text() + "\n", kPublic}}));
  return files;
}

absl::StatusOr<EnrolledFiles> Enrol(const std::string& folder, const SpiffeId& holder,
                                    const Validity& validity, const std::string& name) {
  RETURN_IF_ERROR(CheckSpiffeId(holder));
  const std::string base =
      name.empty() ? fmt::format("{}-{}-{}", holder.partner.str(), holder.role, holder.name) : name;
  if (base.find('/') != std::string::npos) {
    return absl::InvalidArgumentError(fmt::format("\"{}\" cannot be the name of a file in {}", base, folder));
  }
  const PkiFiles pki = PkiFilesIn(folder);
  ASSIGN_OR_RETURN(const std::string authority_certificate, ReadFile(pki.authority_certificate));
  ASSIGN_OR_RETURN(const std::string authority_key, ReadFile(pki.authority_key));
  const absl::StatusOr<Authority> authority = Authority::FromPem(authority_certificate, authority_key);
  RETURN_IF_ERROR(Annotate(authority.status(), folder));
  ASSIGN_OR_RETURN(const Credentials made, authority->IssueClient(holder, validity));
  ASSIGN_OR_RETURN(const Certificate certificate, ReadCertificate(made.certificate));
  const EnrolledFiles files{folder + "/" + base + ".crt", folder + "/" + base + ".key",
                            certificate.fingerprint};
  RETURN_IF_ERROR(WriteNewFiles(
      {{files.private_key, made.private_key, kSecret}, {files.certificate, made.certificate, kPublic}}));
  return files;
}

}  // namespace concordat::identity
