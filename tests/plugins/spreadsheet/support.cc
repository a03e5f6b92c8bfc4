#include "tests/plugins/spreadsheet/support.h"

#include <filesystem>
#include <fstream>
#include <memory>

#include "plugins/sdk/arrow_export.h"

namespace concordat::spreadsheet {
namespace {

constexpr char kMain[] = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
constexpr char kOffice[] = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

bool IsNumber(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789.-") == text.npos && text != "-";
}

// Puts a prefix before each element's name.
std::string WithPrefix(const std::string& xml, const std::string& prefix) {
  if (prefix.empty()) return xml;
  std::string out;
  for (size_t i = 0; i < xml.size(); ++i) {
    out += xml[i];
    if (xml[i] != '<' || i + 1 == xml.size() || xml[i + 1] == '?') continue;
    if (xml[i + 1] == '/') out += xml[++i];
    out += prefix;
  }
  return out;
}

std::string Root(const std::string& element, const std::string& prefix) {
  const std::string space = prefix.empty() ? "xmlns" : "xmlns:" + prefix.substr(0, prefix.size() - 1);
  return "<" + prefix + element + " " + space + "=\"" + kMain + "\" xmlns:r=\"" + kOffice + "\">";
}

void TakeBatch(const ArrowArray& array, size_t columns, ReadResult& result) {
  const auto text = [&](int64_t child, int64_t row) {
    const ArrowArray& column = *array.children[child];
    const auto* offsets = static_cast<const int32_t*>(column.buffers[1]);
    const auto* bytes = static_cast<const char*>(column.buffers[2]);
    return std::string(bytes + offsets[row], static_cast<size_t>(offsets[row + 1] - offsets[row]));
  };
  const auto is_null = [&](int64_t child, int64_t row) {
    const auto* valid = static_cast<const uint8_t*>(array.children[child]->buffers[0]);
    return valid != nullptr && (valid[row / 8] >> (row % 8) & 1) == 0;
  };
  const auto count = static_cast<int64_t>(columns);
  for (int64_t row = 0; row < array.length; ++row) {
    const auto* lines = static_cast<const uint64_t*>(array.children[count + 1]->buffers[1]);
    std::string line = std::to_string(lines[row]) + ": ";
    if (array.n_children > count + 2 && !is_null(count + 2, row)) {
      result.unreadable.push_back(line + text(count + 2, row));
      continue;
    }
    for (int64_t i = 0; i < count; ++i) line += (i == 0 ? "" : "|") + text(i, row);
    result.records.push_back(line);
  }
}

}  // namespace

std::string MakeXlsx(const XlsxText& book) {
  const std::string& p = book.prefix;
  std::string sheets, relations,
      workbook = Root("workbook", p) + WithPrefix(book.properties, p) + "<" + p + "sheets>";
  std::vector<packed::ZipFile> files;
  for (size_t i = 0; i < book.sheets.size(); ++i) {
    const XlsxSheetText& sheet = book.sheets[i];
    const std::string number = std::to_string(i + 1);
    workbook += "<" + p + "sheet name=\"" + sheet.name + "\" sheetId=\"" + number + "\" state=\"" +
                sheet.state + "\" r:id=\"rId" + number + "\"/>";
    relations += "<Relationship Id=\"rId" + number + "\" Type=\"" + kOffice +
                 "/worksheet\" Target=\"worksheets/sheet" + number + ".xml\"/>";
    files.push_back(
        {"xl/worksheets/sheet" + number + ".xml",
         Root("worksheet", p) +
             WithPrefix(sheet.before + "<sheetData>" + sheet.rows + "</sheetData>" + sheet.behind, p) + "</" +
             p + "worksheet>"});
  }
  relations +=
      std::string("<Relationship Id=\"rIdS\" Type=\"") + kOffice + "/styles\" Target=\"/xl/styles.xml\"/>";
  relations += std::string("<Relationship Id=\"rIdT\" Type=\"") + kOffice +
               "/sharedStrings\" Target=\"sharedStrings.xml\"/>";
  files.push_back({"[Content_Types].xml", "<Types/>"});
  files.push_back({"_rels/.rels", std::string("<Relationships><Relationship Id=\"rId1\" Type=\"") + kOffice +
                                      "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"});
  files.push_back({"xl/workbook.xml", workbook + "</" + p + "sheets></" + p + "workbook>"});
  files.push_back({"xl/_rels/workbook.xml.rels", "<Relationships>" + relations + "</Relationships>"});
  if (!book.styles.empty())
    files.push_back(
        {"xl/styles.xml", Root("styleSheet", p) + WithPrefix(book.styles, p) + "</" + p + "styleSheet>"});
  if (!book.strings.empty())
    files.push_back(
        {"xl/sharedStrings.xml", Root("sst", p) + WithPrefix(book.strings, p) + "</" + p + "sst>"});
  return packed::MakeZip(files);
}

std::string MakeXlsx(const std::string& rows, const std::string& behind) {
  XlsxText book;
  book.sheets.push_back({"Sheet1", rows, behind});
  return MakeXlsx(book);
}

std::string Rows(const std::vector<std::vector<std::string>>& rows, uint64_t first) {
  std::string xml;
  for (const std::vector<std::string>& row : rows) {
    const std::string number = std::to_string(first++);
    xml += "<row r=\"" + number + "\">";
    for (uint32_t column = 0; column < row.size(); ++column) {
      const std::string& cell = row[column];
      const std::string place = " r=\"" + ColumnName(column) + number + "\"";
      if (cell.empty()) continue;
      if (cell[0] == '=') {
        xml += "<c" + place + cell.substr(1) + "</c>";
      } else if (IsNumber(cell)) {
        xml += "<c" + place + "><v>" + cell + "</v></c>";
      } else {
        xml += "<c" + place + " t=\"inlineStr\"><is><t>" + cell + "</t></is></c>";
      }
    }
    xml += "</row>";
  }
  return xml;
}

std::string MakeOds(const std::string& tables, const std::string& manifest) {
  std::vector<packed::ZipFile> files = {
      {"mimetype", "application/vnd.oasis.opendocument.spreadsheet", false}};
  files.push_back(
      {"content.xml",
       "<office:document-content xmlns:office=\"o\" xmlns:table=\"t\" xmlns:text=\"x\" xmlns:style=\"s\">"
       "<office:automatic-styles><style:style style:name=\"ta2\" "
       "style:family=\"table\"><style:table-properties "
       "table:display=\"false\"/></style:style></office:automatic-styles>"
       "<office:body><office:spreadsheet>" +
           tables + "</office:spreadsheet></office:body></office:document-content>"});
  if (!manifest.empty()) files.push_back({"META-INF/manifest.xml", manifest});
  return packed::MakeZip(files);
}

std::string ReadResult::all_notes() const {
  std::string all;
  for (const std::string& note : notes) all += note + "\n";
  return all;
}

ReadResult Read(std::string bytes, const Options& options) {
  packed::TextSource source(std::move(bytes));
  Reader reader(&source, options);
  ReadResult result;
  result.status = reader.Open();
  result.message = result.status.message();
  if (!result.status.ok()) return result;
  for (const TableColumn& column : reader.shape().columns) result.columns.push_back(column.name);
  for (uint64_t next = 1;;) {
    sdk::BatchBuilder batch(result.columns.size(), 100, 1 << 20);
    result.status = reader.Next(batch);
    result.message = result.status.message();
    if (!result.status.ok() || batch.rows() == 0) break;
    const size_t rows = batch.rows();
    for (const BadCell& bad : reader.bad_cells()) result.bad.push_back(bad);
    ArrowArray array = {};
    result.status =
        sdk::ExportedBatch::Export(std::move(batch), next, std::make_shared<sdk::BuilderPool>(), &array);
    if (!result.status.ok()) break;
    next += rows;
    TakeBatch(array, result.columns.size(), result);
    array.release(&array);
  }
  result.notes = reader.Notes();
  result.header_row = reader.shape().header_row;
  result.blank = reader.blank();
  return result;
}

Status CountRecords(packed::ByteSource* source, const Options& options, uint64_t& records) {
  Reader reader(source, options);
  if (Status status = reader.Open(); !status.ok()) return status;
  for (;;) {
    sdk::BatchBuilder batch(reader.shape().columns.size(), 4096, 1 << 20);
    if (Status status = reader.Next(batch); !status.ok()) return status;
    if (batch.rows() == 0) return Status::Ok();
    records += batch.rows();
  }
}

std::string SharedData() {
  const std::string folder = std::string(CONCORDAT_SOURCE_DIR) + "/../shared/data";
  return std::filesystem::is_directory(folder) ? folder : "";
}

std::string FileBytes(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

}  // namespace concordat::spreadsheet
