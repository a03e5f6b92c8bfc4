#include "tests/plugins/packed/packed_files.h"

#include <zlib.h>
#include <zstd.h>

#include <cstdlib>

namespace concordat::packed {
namespace {

std::string Deflate(std::string_view text, int window) {
  z_stream zlib = {};
  if (deflateInit2(&zlib, 6, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY) != Z_OK) std::abort();
  std::string packed(deflateBound(&zlib, text.size()) + 32, '\0');
  zlib.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
  zlib.avail_in = static_cast<uInt>(text.size());
  zlib.next_out = reinterpret_cast<Bytef*>(packed.data());
  zlib.avail_out = static_cast<uInt>(packed.size());
  if (deflate(&zlib, Z_FINISH) != Z_STREAM_END) std::abort();
  packed.resize(zlib.total_out);
  deflateEnd(&zlib);
  return packed;
}

void Put(std::string& bytes, uint64_t number, size_t size) {
  for (size_t i = 0; i < size; ++i) bytes += i < 8 ? static_cast<char>(number >> (8 * i)) : '\0';
}

}  // namespace

std::string Gzip(std::string_view text) { return Deflate(text, 16 + MAX_WBITS); }

std::string Zstd(std::string_view text) {
  std::string packed(ZSTD_compressBound(text.size()), '\0');
  packed.resize(ZSTD_compress(packed.data(), packed.size(), text.data(), text.size(), 3));
  return packed;
}

std::string MakeZip(const std::vector<ZipFile>& files) {
  std::string bytes, directory;
  for (const ZipFile& file : files) {
    const std::string packed = file.deflate ? Deflate(file.content, -MAX_WBITS) : file.content;
    const uint16_t method = file.method != 0xFFFF ? file.method : file.deflate ? 8 : 0;
    std::string common;
    Put(common, 20, 2);
    Put(common, file.flags, 2);
    Put(common, method, 2);
    Put(common, 0, 4);  // when
    Put(common,
        crc32(0, reinterpret_cast<const Bytef*>(file.content.data()), static_cast<uInt>(file.content.size())),
        4);
    Put(common, packed.size(), 4);
    Put(common, file.claimed_size != 0 ? file.claimed_size : file.content.size(), 4);
    Put(common, file.name.size(), 2);
    Put(common, 0, 2);
    Put(directory, 0x02014b50, 4);
    Put(directory, 20, 2);
    directory += common;
    Put(directory, 0, 10);
    Put(directory, bytes.size(), 4);
    directory += file.name;
    Put(bytes, 0x04034b50, 4);
    bytes += common + file.name + packed;
  }
  std::string end;
  Put(end, 0x06054b50, 4);
  Put(end, 0, 4);
  Put(end, files.size(), 2);
  Put(end, files.size(), 2);
  Put(end, directory.size(), 4);
  Put(end, bytes.size(), 4);
  Put(end, 0, 2);
  return bytes + directory + end;
}

}  // namespace concordat::packed
