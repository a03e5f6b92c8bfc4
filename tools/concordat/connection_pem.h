// A connection with keys that stand in no file of their own: those of an invitation.
#pragma once

#include <string>

#include "tools/concordat/connection.h"

namespace concordat::cli {

/// To `host` ("name:port") over mutual TLS. Does not wait for it.
Connection ConnectWith(const std::string& host, const std::string& ca_pem, const std::string& cert_pem,
                       const std::string& key_pem);

}  // namespace concordat::cli
