// The host's own log: a line an event on standard error, with the time, never with personal data.
#pragma once

#include <string_view>

namespace concordat::server {

void LogLine(std::string_view text);

}  // namespace concordat::server
