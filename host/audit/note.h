// Signed notes (C2SP signed-note): a text, a blank line, and lines that say who signed it.
#pragma once

#include <string>
#include <string_view>

#include "host/audit/signer.h"
#include "host/base/named_key.h"
#include "host/base/status.h"

namespace concordat::audit {

/// `text` (which ends in a newline), a blank line and "— name base64(key hash || signature)".
absl::StatusOr<std::string> SignNote(std::string_view text, const std::string& name, const Signer& signer);
/// The signed text. InvalidArgument when the note is malformed; DataLoss when `key` did not sign it, whoever
/// else did: signatures of other keys are passed over.
absl::StatusOr<std::string> OpenNote(std::string_view note, const NamedKey& key);

}  // namespace concordat::audit
