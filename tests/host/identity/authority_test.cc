#include "host/identity/authority.h"

#include <openssl/ssl.h>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "host/identity/certificate.h"
#include "host/identity/certificate_request.h"
#include "host/identity/openssl.h"

namespace concordat::identity {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const SpiffeId kSteward{"derwent.example", PartnerId("constabulary"), "steward", "j.okoro"};

std::string Extension(const std::string& pem, int nid) {
  const auto certificate = *ReadX509(pem);
  const int at = X509_get_ext_by_NID(certificate.get(), nid, -1);
  if (at < 0) return "absent";
  const Owned<BIO> bio(BIO_new(BIO_s_mem()));
  X509_EXTENSION* extension = X509_get_ext(certificate.get(), at);
  X509V3_EXT_print(bio.get(), extension, 0, 0);
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return (X509_EXTENSION_get_critical(extension) == 1 ? "critical: " : "") +
         std::string(data, static_cast<size_t>(size));
}

// OpenSSL's own verdict for a purpose, with the authority as the only one that is trusted.
bool Verifies(const std::string& pem, const std::string& authority_pem, int purpose) {
  const auto certificate = *ReadX509(pem);
  const auto authority = *ReadX509(authority_pem);
  const Owned<X509_STORE> store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), authority.get());
  const Owned<X509_STORE_CTX> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), certificate.get(), nullptr);
  X509_STORE_CTX_set_purpose(context.get(), purpose);
  X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_X509_STRICT);
  return X509_verify_cert(context.get()) == 1;
}

class AuthorityTest : public testing::Test {
 protected:
  const Validity validity_{.now = absl::Now()};
  const Authority authority_ = *Authority::Create("derwent.example", validity_);
  const std::string own_ = authority_.ToPem().certificate;
};

TEST_F(AuthorityTest, IsAnAuthorityAndNothingElse) {
  EXPECT_TRUE(ReadCertificate(own_)->authority);
  EXPECT_THAT(ReadCertificate(own_)->uris, ElementsAre("spiffe://derwent.example"));
  EXPECT_EQ(Extension(own_, NID_basic_constraints), "critical: CA:TRUE, pathlen:0");
  EXPECT_EQ(Extension(own_, NID_key_usage), "critical: Certificate Sign, CRL Sign");
  EXPECT_TRUE(CheckIssuedBy(*ReadCertificate(own_), own_, absl::Now()).ok());
  EXPECT_EQ(ReadCertificate(own_)->not_after - ReadCertificate(own_)->not_before, absl::Hours(24 * 3652 + 1));
}

TEST_F(AuthorityTest, ComesBackFromItsPem) {
  const Credentials own = authority_.ToPem();
  const auto again = Authority::FromPem(own.certificate, own.private_key);
  ASSERT_TRUE(again.ok()) << again.status();
  EXPECT_EQ(again->trust_domain(), "derwent.example");
  const auto issued = again->IssueClient(kSteward, validity_);
  EXPECT_TRUE(CheckIssuedBy(*ReadCertificate(issued->certificate), own_, absl::Now()).ok());
}

TEST_F(AuthorityTest, NeedsItsOwnKey) {
  const Credentials other = Authority::Create("derwent.example", validity_)->ToPem();
  const auto mixed = Authority::FromPem(own_, other.private_key);
  EXPECT_EQ(mixed.status().code(), absl::StatusCode::kInvalidArgument);
  EXPECT_THAT(std::string(MessageOf(mixed.status())), HasSubstr("private key is not the one"));
}

TEST_F(AuthorityTest, IssuesClientsForTheirUseOnly) {
  const std::string pem = authority_.IssueClient(kSteward, validity_)->certificate;
  EXPECT_EQ(Extension(pem, NID_basic_constraints), "critical: CA:FALSE");
  EXPECT_EQ(Extension(pem, NID_key_usage), "critical: Digital Signature");
  EXPECT_EQ(Extension(pem, NID_ext_key_usage), "TLS Web Client Authentication");
  EXPECT_EQ(Extension(pem, NID_subject_alt_name), "URI:" + kSteward.str());
  EXPECT_TRUE(Verifies(pem, own_, X509_PURPOSE_SSL_CLIENT));
  EXPECT_FALSE(Verifies(pem, own_, X509_PURPOSE_SSL_SERVER)) << "a steward must not pose as the host";
}

TEST_F(AuthorityTest, IssuesServersForTheirUseOnly) {
  const auto server =
      authority_.IssueServer({"host.derwent.example", "localhost", "127.0.0.1", "::1"}, validity_);
  ASSERT_TRUE(server.ok()) << server.status();
  const auto certificate = *ReadCertificate(server->certificate);
  EXPECT_THAT(certificate.hosts, ElementsAre("host.derwent.example", "localhost", "127.0.0.1", "::1"));
  EXPECT_THAT(certificate.uris, ElementsAre("spiffe://derwent.example/host"));
  EXPECT_FALSE(HolderOf(certificate).ok()) << "the host's certificate makes nobody a caller";
  EXPECT_TRUE(Verifies(server->certificate, own_, X509_PURPOSE_SSL_SERVER));
  EXPECT_FALSE(Verifies(server->certificate, own_, X509_PURPOSE_SSL_CLIENT));
}

TEST_F(AuthorityTest, RefusesHostsThatAreNone) {
  for (const std::string& host :
       {std::string(), std::string("a b"), std::string("-a"), std::string("a..b"), std::string("*.example"),
        std::string("a,URI:spiffe://x"), std::string("a\n"), std::string("::g"), std::string(64, 'a'),
        std::string("https://a")}) {
    const auto issued = authority_.IssueServer({"localhost", host}, validity_);
    EXPECT_EQ(issued.status().code(), absl::StatusCode::kInvalidArgument) << host;
  }
  EXPECT_FALSE(authority_.IssueServer({}, validity_).ok());
}

TEST_F(AuthorityTest, RefusesStrangersAndNamesThatAreNone) {
  SpiffeId elsewhere = kSteward;
  elsewhere.trust_domain = "elsewhere.example";
  EXPECT_THAT(std::string(MessageOf(authority_.IssueClient(elsewhere, validity_).status())),
              HasSubstr("not of this authority's trust domain derwent.example"));
  SpiffeId commas = kSteward;
  commas.name = "n,URI:spiffe://derwent.example/partner/host/administrator/n";
  EXPECT_EQ(authority_.IssueClient(commas, validity_).status().code(), absl::StatusCode::kInvalidArgument);
}

TEST_F(AuthorityTest, LongNamesStandWholeInTheUri) {
  SpiffeId holder = kSteward;
  holder.name = std::string(200, 'n');
  const auto issued = authority_.IssueClient(holder, validity_);
  ASSERT_TRUE(issued.ok()) << issued.status();
  EXPECT_EQ(*HolderOf(*ReadCertificate(issued->certificate)), holder);
}

TEST_F(AuthorityTest, SerialsAndKeysAreNeverTheSame) {
  const Credentials a = *authority_.IssueClient(kSteward, validity_);
  const Credentials b = *authority_.IssueClient(kSteward, validity_);
  EXPECT_NE(ReadCertificate(a.certificate)->fingerprint, ReadCertificate(b.certificate)->fingerprint);
  EXPECT_NE(a.private_key, b.private_key);
  const auto x = *ReadX509(a.certificate);
  const auto y = *ReadX509(b.certificate);
  EXPECT_NE(ASN1_INTEGER_cmp(X509_get0_serialNumber(x.get()), X509_get0_serialNumber(y.get())), 0);
  EXPECT_EQ(ASN1_STRING_length(X509_get0_serialNumber(x.get())), 16);
}

TEST_F(AuthorityTest, NoLeafOutlivesItsAuthority) {
  const Authority brief = *Authority::Create("a", {.now = validity_.now, .authority = absl::Hours(48)});
  const SpiffeId holder{"a", PartnerId("p"), "steward", "n"};
  const auto own = *ReadCertificate(brief.ToPem().certificate);
  EXPECT_EQ(ReadCertificate(brief.IssueClient(holder, validity_)->certificate)->not_after, own.not_after);
  const auto late = brief.IssueClient(holder, {.now = validity_.now + absl::Hours(49)});
  EXPECT_EQ(late.status().code(), absl::StatusCode::kFailedPrecondition);
  EXPECT_THAT(std::string(MessageOf(late.status())), HasSubstr("authority's certificate ended on"));
  EXPECT_FALSE(brief.IssueClient(holder, {.now = validity_.now, .leaf = -absl::Hours(1)}).ok());
  EXPECT_EQ(brief.IssueClient(holder, {.now = validity_.now - absl::Hours(2)}).status().code(),
            absl::StatusCode::kFailedPrecondition)
      << "nor starts before it";
}

// A real handshake in memory: TLS 1.3, both sides with certificates, the client insisting on the host's name.
class Handshake {
 public:
  Handshake(const Credentials& server, const Credentials* client, const std::string& server_trusts,
            const std::string& client_trusts, const std::string& host)
      : server_context_(NewContext(TLS_server_method(), &server, server_trusts)),
        client_context_(NewContext(TLS_client_method(), client, client_trusts)) {
    SSL_CTX_set_verify(server_context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    SSL_CTX_set_verify(client_context_.get(), SSL_VERIFY_PEER, nullptr);
    server_.reset(SSL_new(server_context_.get()));
    client_.reset(SSL_new(client_context_.get()));
    SSL_set1_host(client_.get(), host.c_str());
    BIO* one = nullptr;
    BIO* other = nullptr;
    BIO_new_bio_pair(&one, 1 << 16, &other, 1 << 16);
    SSL_set_bio(server_.get(), one, one);
    SSL_set_bio(client_.get(), other, other);
    SSL_set_accept_state(server_.get());
    SSL_set_connect_state(client_.get());
  }

  bool Succeeds() {
    for (int turn = 0; turn < 10; ++turn) {
      const int c = SSL_do_handshake(client_.get());
      const int s = SSL_do_handshake(server_.get());
      if (c == 1 && s == 1) return SSL_version(server_.get()) == TLS1_3_VERSION;
    }
    return false;
  }

 private:
  struct Free {
    void operator()(SSL_CTX* context) const { SSL_CTX_free(context); }
    void operator()(SSL* connection) const { SSL_free(connection); }
  };

  static std::unique_ptr<SSL_CTX, Free> NewContext(const SSL_METHOD* method, const Credentials* own,
                                                   const std::string& trusts) {
    std::unique_ptr<SSL_CTX, Free> context(SSL_CTX_new(method));
    SSL_CTX_set_min_proto_version(context.get(), TLS1_3_VERSION);
    if (own != nullptr) {
      EXPECT_EQ(SSL_CTX_use_certificate(context.get(), ReadX509(own->certificate)->get()), 1);
      EXPECT_EQ(SSL_CTX_use_PrivateKey(context.get(), ReadPrivateKey(own->private_key)->get()), 1);
    }
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context.get()), ReadX509(trusts)->get());
    return context;
  }

  std::unique_ptr<SSL_CTX, Free> server_context_;
  std::unique_ptr<SSL_CTX, Free> client_context_;
  std::unique_ptr<SSL, Free> server_;
  std::unique_ptr<SSL, Free> client_;
};

TEST_F(AuthorityTest, ItsCertificatesShakeHandsOverMutualTls13) {
  const Credentials server = *authority_.IssueServer({"localhost", "127.0.0.1"}, validity_);
  const Credentials client = *authority_.IssueClient(kSteward, validity_);
  EXPECT_TRUE(Handshake(server, &client, own_, own_, "localhost").Succeeds());
}

TEST_F(AuthorityTest, StrangersFailInTheHandshake) {
  const Authority other = *Authority::Create("derwent.example", validity_);
  const std::string other_pem = other.ToPem().certificate;
  const Credentials server = *authority_.IssueServer({"localhost"}, validity_);
  const Credentials client = *authority_.IssueClient(kSteward, validity_);
  const Credentials stranger = *other.IssueClient(kSteward, validity_);
  EXPECT_FALSE(Handshake(server, nullptr, own_, own_, "localhost").Succeeds()) << "no certificate";
  EXPECT_FALSE(Handshake(server, &stranger, own_, own_, "localhost").Succeeds()) << "of another authority";
  EXPECT_FALSE(Handshake(server, &client, own_, other_pem, "localhost").Succeeds())
      << "the client trusts another";
  EXPECT_FALSE(Handshake(server, &client, own_, own_, "elsewhere.example").Succeeds())
      << "another host's name";
  EXPECT_FALSE(Handshake(client, &client, own_, own_, "localhost").Succeeds())
      << "a client posing as the host";
  EXPECT_FALSE(Handshake(server, &server, own_, own_, "localhost").Succeeds())
      << "the host posing as a client";
}

TEST_F(AuthorityTest, AnExpiredCertificateFailsInTheHandshake) {
  const absl::Time before = validity_.now - absl::Hours(72);
  const Authority old = *Authority::Create("derwent.example", {.now = before});
  const std::string own = old.ToPem().certificate;
  const Credentials server = *old.IssueServer({"localhost"}, validity_);
  const Credentials expired = *old.IssueClient(kSteward, {.now = before, .leaf = absl::Hours(24)});
  const Credentials renewed = *old.IssueClient(kSteward, validity_);
  EXPECT_FALSE(Handshake(server, &expired, own, own, "localhost").Succeeds());
  EXPECT_TRUE(Handshake(server, &renewed, own, own, "localhost").Succeeds());
}

}  // namespace
}  // namespace concordat::identity
