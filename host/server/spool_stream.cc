#include "host/server/spool_stream.h"

namespace concordat::server {

absl::StatusOr<std::optional<std::string>> NextChunk(const flows::Spool& spool, uint64_t& offset) {
  ASSIGN_OR_RETURN(std::string chunk, spool.Read(offset, kChunkBytes));
  if (chunk.empty()) return std::nullopt;
  offset += chunk.size();
  return chunk;
}

}  // namespace concordat::server
