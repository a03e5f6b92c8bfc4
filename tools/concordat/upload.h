// Streams a file to the host and waits for the judgement.
#pragma once

#include "concordat/v1/submission.grpc.pb.h"
#include "tools/concordat/connection.h"
#include "tools/concordat/source_file.h"

namespace concordat::cli {

enum class Upload { kSubmit, kCheck, kMend };

/// Chunks of 192 KiB, progress on the terminal. A host that is full is tried again, up to a minute.
absl::StatusOr<v1::Judgement> SendFile(const Connection& connection, Upload kind,
                                       const v1::SubmitBegin& begin, const SourceFile& source);

}  // namespace concordat::cli
