#include "plugins/spreadsheet/xlsx.h"

namespace concordat::spreadsheet {
namespace {

class BookReader : public XmlHandler {
 public:
  BookReader(const std::map<std::string, Relation>& relations, std::vector<Sheet>* sheets)
      : relations_(relations), sheets_(sheets) {}

  void OnStart(std::string_view element, const Attributes& attributes) override {
    if (element == "workbookPr") {
      const std::string_view epoch = attributes["date1904"];
      epoch_1904_ = epoch == "1" || epoch == "true" || epoch == "on";
    }
    if (element != "sheet" || sheets_->size() >= kMostSheets) return;
    Sheet sheet;
    sheet.name = attributes["name"];
    sheet.number = sheets_->size();
    const std::string_view state = attributes["state"];
    sheet.hidden = state == "hidden" || state == "veryHidden";
    const auto relation = relations_.find(std::string(attributes.Prefixed("id")));
    if (relation != relations_.end() && relation->second.type == "worksheet")
      sheet.part = relation->second.target;
    sheets_->push_back(std::move(sheet));
  }
  void OnEnd(std::string_view) override {}
  void OnText(std::string_view) override {}
  bool epoch_1904() const { return epoch_1904_; }

 private:
  static constexpr size_t kMostSheets = 10'000;
  const std::map<std::string, Relation>& relations_;
  std::vector<Sheet>* sheets_;
  bool epoch_1904_ = false;
};

class XlsxDocument : public Document {
 public:
  XlsxDocument(Package package, const ReadOptions& options) {
    book_.package = std::move(package);
    book_.options = options;
  }

  Status Open() {
    std::map<std::string, Relation> roots;
    if (Status status = book_.package.Relations("", roots); !status.ok()) return status;
    std::string workbook = "xl/workbook.xml";
    for (const auto& [id, relation] : roots) {
      if (relation.type == "officeDocument") workbook = relation.target;
    }
    std::map<std::string, Relation> relations;
    if (Status status = book_.package.Relations(workbook, relations); !status.ok()) return status;
    BookReader reader(relations, &sheets_);
    if (Status status = book_.package.Parse(workbook, &reader); !status.ok()) return status;
    book_.epoch_1904 = reader.epoch_1904();
    for (const auto& [id, relation] : relations) {
      if (relation.type == "styles") styles_ = relation.target;
      if (relation.type == "sharedStrings") strings_ = relation.target;
    }
    return Status::Ok();
  }

  const std::vector<Sheet>& sheets() const override { return sheets_; }

  Status OpenSheet(const Sheet& sheet, std::unique_ptr<SheetReader>& reader) override {
    if (Status status = ReadCommon(); !status.ok()) return status;
    std::unique_ptr<packed::ByteStream> stream;
    if (Status status = book_.package.Stream(sheet.part, stream); !status.ok()) return status;
    reader = ReadXlsxSheet(&book_, std::move(stream), sheet);
    return Status::Ok();
  }

  std::vector<std::string> notes() const override {
    if (!book_.epoch_1904) return {};
    return {"the workbook counts its dates from 1904, and they were read so"};
  }

 private:
  // Once, for all sheets.
  Status ReadCommon() {
    if (read_) return Status::Ok();
    read_ = true;
    if (!styles_.empty() && book_.package.Has(styles_)) {
      if (Status status = ReadStyles(book_.package, styles_, book_.formats); !status.ok()) return status;
    }
    if (strings_.empty() || !book_.package.Has(strings_)) return Status::Ok();
    return ReadSharedStrings(book_.package, strings_, book_.strings);
  }

  XlsxBook book_;
  std::vector<Sheet> sheets_;
  std::string styles_;
  std::string strings_;
  bool read_ = false;
};

}  // namespace

Status OpenXlsx(Package package, const ReadOptions& options, std::unique_ptr<Document>& document) {
  auto xlsx = std::make_unique<XlsxDocument>(std::move(package), options);
  if (Status status = xlsx->Open(); !status.ok()) return status;
  document = std::move(xlsx);
  return Status::Ok();
}

}  // namespace concordat::spreadsheet
