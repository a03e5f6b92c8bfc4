// SHA-256 (FIPS 180-4) over bytes as they pass, and its printed form "sha256:<64 hex>".
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace concordat {

/// 32 raw bytes.
std::string Sha256(std::string_view bytes);
/// HMAC-SHA-256 (RFC 2104); 32 raw bytes.
std::string HmacSha256(std::string_view key, std::string_view bytes);
/// "sha256:" and the hexadecimal form of 32 raw bytes.
std::string DigestText(std::string_view raw_sha256);
/// DigestText(Sha256(bytes)).
std::string DigestOf(std::string_view bytes);

/// A digest built piece by piece. One thread at a time; Finish ends it.
class Sha256Stream {
 public:
  Sha256Stream();
  void Update(std::string_view bytes);
  /// 32 raw bytes; the stream must not be used afterwards.
  std::string Finish();

 private:
  struct Free {
    void operator()(evp_md_ctx_st* context) const;
  };
  std::unique_ptr<evp_md_ctx_st, Free> context_;
};

}  // namespace concordat
