#include "host/adapters/trust.h"

#include <sys/stat.h>

#include <algorithm>
#include <filesystem>

#include "fmt/format.h"
#include "host/base/digest.h"
#include "host/base/encoding.h"
#include "host/base/files.h"

namespace concordat::adapters {
namespace {

constexpr size_t kIdBytes = 8;
constexpr char kSignAgain[] =
    "whoever vouches for it signs it again: concordat adapter sign DIR --key KEY.pem";

bool IsOwn(const Manifest& manifest, const TrustRules& rules) {
  if (rules.own_folder.empty()) return false;
  std::error_code error;
  const auto parent = std::filesystem::path(manifest.folder).parent_path();
  return std::filesystem::equivalent(parent, rules.own_folder, error) && !error;
}

// Folder, manifest and library, and for the program's own adapters the folder above.
std::string WhyAnyWritable(const Manifest& manifest, bool own) {
  std::vector<std::string> paths = {manifest.folder, manifest.folder + "/adapter.yaml",
                                    manifest.folder + "/" + manifest.library};
  if (own) paths.push_back(std::filesystem::path(manifest.folder).parent_path().string());
  for (const std::string& path : paths) {
    const std::string why = WhyWritable(path);
    if (!why.empty()) return why;
  }
  return "";
}

void JudgeDigest(const Manifest& manifest, const std::string& library_digest, const policy::Node& document,
                 Issues& issues) {
  if (manifest.digest.empty() || manifest.digest == library_digest) return;
  const bool is_signed = !manifest.signature.key.empty();
  issues.Error(
      document.KeyPlace("digest"), "wrong-digest",
      fmt::format("the library {} has the digest {}, not the one that stands here: it was changed {}",
                  manifest.library, library_digest,
                  is_signed ? "after it was signed" : "since the manifest was written"),
      is_signed ? kSignAgain : "write the new digest here, or leave the key away");
}

const TrustedKey* FindKey(const TrustRules& rules, std::string_view id) {
  const auto at =
      std::find_if(rules.keys.begin(), rules.keys.end(), [&](const TrustedKey& key) { return key.id == id; });
  return at == rules.keys.end() ? nullptr : &*at;
}

std::string KnownKeys(const TrustRules& rules) {
  if (rules.keys.empty()) return "no key is trusted yet";
  std::string text;
  for (const TrustedKey& key : rules.keys)
    text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", key.id, key.file);
  return "trusted are " + text;
}

// What can be told without any key.
bool SignatureStands(const Manifest& manifest, const policy::Node& document, Issues& issues) {
  const ManifestSignature& signature = manifest.signature;
  if (signature.value.empty()) return false;  // said when it was read
  const Place place = document.KeyPlace("signature");
  if (manifest.digest.empty()) {
    issues.Error(
        place, "no-digest",
        fmt::format("adapter {} is signed, but its manifest has no \"digest\": any library would pass",
                    manifest.name),
        kSignAgain);
    return false;
  }
  if (DigestOf(manifest.signable) == signature.manifest) return true;
  issues.Error(place, "changed-manifest",
               fmt::format("adapter.yaml of {} was changed after it was signed", manifest.name), kSignAgain);
  return false;
}

bool IsNamedUnsigned(const Manifest& manifest, const TrustRules& rules) {
  const auto& names = rules.unsigned_names;
  return std::find(names.begin(), names.end(), manifest.name) != names.end();
}

void TakeUnsigned(Manifest& manifest, const TrustRules& rules, const Place& place, const char* code,
                  const std::string& why, const std::string& hint, Issues& issues) {
  if (IsNamedUnsigned(manifest, rules)) {
    manifest.trust = Trust::kUnsigned;
  } else if (!rules.anyone) {
    issues.Error(place, code, why, hint);
  }
}

void JudgeSignature(Manifest& manifest, const TrustRules& rules, const policy::Node& document,
                    Issues& issues) {
  if (!SignatureStands(manifest, document, issues)) return;
  const Place place = document.KeyPlace("signature");
  const ManifestSignature& signature = manifest.signature;
  const TrustedKey* const key = FindKey(rules, signature.key);
  if (key == nullptr) {
    TakeUnsigned(manifest, rules, place, "unknown-key",
                 fmt::format("adapter {} is signed with the key {}, which is not trusted here; {}",
                             manifest.name, signature.key, KnownKeys(rules)),
                 "when you know whose key that is, name its file in concordat.yaml: trust: {keys: "
                 "[KEY.pub]}, and start the host anew",
                 issues);
    return;
  }
  if (!VerifyEd25519(key->public_key, manifest.signable, signature.value).ok()) {
    issues.Error(place, "bad-signature",
                 fmt::format("the signature of adapter {} is not one of the key {} ({}), whose id it bears",
                             manifest.name, key->id, key->file),
                 kSignAgain);
    return;
  }
  manifest.trust = Trust::kSigned;
  manifest.trusted_by = key->file;
}

}  // namespace

std::string KeyId(std::string_view public_key) {
  return HexEncode(std::string_view(Sha256(public_key)).substr(0, kIdBytes));
}

absl::StatusOr<TrustedKey> ReadTrustedKey(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path, size_t{1} << 16));
  if (text.find("PRIVATE KEY") != std::string::npos) {
    return absl::InvalidArgumentError(fmt::format(
        "{} is a private key: it belongs to whoever signs adapters, never to the host; name the file of its "
        "public key (openssl pkey -in {} -pubout)",
        path, path));
  }
  const absl::StatusOr<std::string> key = ReadPublicKey(text);
  if (!key.ok()) {
    return absl::InvalidArgumentError(
        fmt::format("{} is no Ed25519 public key in PEM (-----BEGIN PUBLIC KEY-----)", path));
  }
  return TrustedKey{path, KeyId(*key), *key};
}

std::string WhyWritable(const std::string& path) {
  struct stat facts;
  if (stat(path.c_str(), &facts) != 0) return "";  // whoever reads it says so
  if ((facts.st_mode & (S_IWGRP | S_IWOTH)) == 0) return "";
  return fmt::format("{} can be changed by {}, who then could run what they like here: chmod go-w {}", path,
                     (facts.st_mode & S_IWOTH) != 0 ? "everybody on this machine" : "its whole group", path);
}

void JudgeTrust(Manifest& manifest, const std::string& library_digest, const TrustRules& rules,
                const policy::Node& document, Issues& issues) {
  const size_t errors = issues.error_count();
  const bool own = IsOwn(manifest, rules);
  const std::string writable = rules.anyone ? "" : WhyAnyWritable(manifest, own);
  if (!writable.empty()) issues.Error(document.KeyPlace("library"), "writable", writable);
  JudgeDigest(manifest, library_digest, document, issues);
  if (issues.error_count() > errors) return;
  if (own) {
    manifest.trust = Trust::kOwn;
    return;
  }
  if (!manifest.signature.key.empty()) {
    JudgeSignature(manifest, rules, document, issues);
    return;
  }
  TakeUnsigned(
      manifest, rules, document.KeyPlace("name"), "unsigned",
      fmt::format("adapter {} is not signed, and lies outside the program's own folder", manifest.name),
      fmt::format("have it signed (concordat adapter sign) by a key under trust: {{keys: [...]}} of "
                  "concordat.yaml, or take it as it is: trust: {{unsigned: [{}]}}",
                  manifest.name),
      issues);
}

}  // namespace concordat::adapters
