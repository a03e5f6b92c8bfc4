// libFuzzer target: the reader of plugins/spreadsheet. The first byte chooses: the bytes as a file (zip and
// all), or as the XML of a sheet within an honest zip file, whose check sums a fuzzer would not guess; and
// options.
#include <zlib.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plugins/spreadsheet/reader.h"

using namespace concordat;

namespace {

class BytesSource : public packed::ByteSource {
 public:
  explicit BytesSource(std::string_view bytes) : bytes_(bytes) {}
  uint64_t size() const override { return bytes_.size(); }
  int64_t Read(uint64_t offset, char* into, size_t size) override {
    return offset >= bytes_.size() ? 0 : static_cast<int64_t>(bytes_.copy(into, size, offset));
  }

 private:
  const std::string_view bytes_;
};

void Put(std::string& bytes, uint64_t number, size_t size) {
  for (size_t i = 0; i < size; ++i) bytes += i < 8 ? static_cast<char>(number >> (8 * i)) : '\0';
}

// Stored, not deflated.
std::string Zip(const std::vector<std::pair<std::string, std::string>>& files) {
  std::string bytes, directory;
  for (const auto& [name, content] : files) {
    std::string common;
    Put(common, 20, 2);
    Put(common, 0x800, 2);
    Put(common, 0, 6);
    Put(common, crc32_z(0, reinterpret_cast<const Bytef*>(content.data()), content.size()), 4);
    Put(common, content.size(), 4);
    Put(common, content.size(), 4);
    Put(common, name.size(), 4);
    Put(directory, 0x02014b50, 4);
    Put(directory, 20, 2);
    directory += common;
    Put(directory, 0, 10);
    Put(directory, bytes.size(), 4);
    directory += name;
    Put(bytes, 0x04034b50, 4);
    bytes += common + name + content;
  }
  const size_t start = bytes.size();
  bytes += directory;
  Put(bytes, 0x06054b50, 4);
  Put(bytes, 0, 4);
  Put(bytes, files.size(), 2);
  Put(bytes, files.size(), 2);
  Put(bytes, directory.size(), 4);
  Put(bytes, start, 4);
  Put(bytes, 0, 2);
  return bytes;
}

std::string Xlsx(std::string_view sheet) {
  return Zip(
      {{"xl/workbook.xml", "<w xmlns:r='r'><sheet name='S' r:id='a'/></w>"},
       {"xl/_rels/workbook.xml.rels",
        "<R><Relationship Id='a' Type='/worksheet' Target='s.xml'/><Relationship Id='b' Type='/styles' "
        "Target='y.xml'/>"
        "<Relationship Id='c' Type='/sharedStrings' Target='t.xml'/></R>"},
       {"xl/s.xml", std::string(sheet)},
       {"xl/y.xml", "<s><cellXfs><xf numFmtId='0'/><xf numFmtId='14'/><xf numFmtId='9'/></cellXfs></s>"},
       {"xl/t.xml", "<s><si><t>text</t></si></s>"}});
}

std::string Ods(std::string_view content) {
  return Zip({{"mimetype", "application/vnd.oasis.opendocument.spreadsheet"},
              {"content.xml", std::string(content)}});
}

void Read(std::string_view bytes, uint8_t choice) {
  spreadsheet::Options options;
  options.header_rows = choice >> 2 & 3;
  options.fill_merged = (choice & 0x10) != 0;
  if ((choice & 0x20) != 0) options.totals = spreadsheet::Options::Totals::kSkip;
  if ((choice & 0x40) != 0) options.header = spreadsheet::Options::Header::kNone;
  if ((choice & 0x80) != 0) options.sheet = "1";
  BytesSource source(bytes);
  spreadsheet::Reader reader(&source, options);
  sdk::Status status = reader.Open();
  for (size_t rows = 0; status.ok() && rows < 20'000;) {
    sdk::BatchBuilder batch(reader.shape().columns.size(), 100, 1u << 16);
    status = reader.Next(batch);
    if (!status.ok() || batch.rows() == 0) break;
    rows += batch.rows();
    for (size_t column = 0; column < batch.column_count(); ++column) {
      if (batch.column(column).rows() != batch.rows()) __builtin_trap();
    }
  }
  if (status.ok()) reader.Notes();
  if (!status.ok() && (status.code() == CONCORDAT_FAILED || status.message().empty())) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const int kind = data[0] & 3;
  if (kind == 1) {
    Read(Xlsx(bytes), data[0]);
  } else if (kind == 2) {
    Read(Ods(bytes), data[0]);
  } else {
    Read(bytes, data[0]);
  }
  return 0;
}
