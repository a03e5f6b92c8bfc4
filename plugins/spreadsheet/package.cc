#include "plugins/spreadsheet/package.h"

#include <algorithm>
#include <cctype>
#include <vector>

namespace concordat::spreadsheet {
namespace {

std::string FolderOf(std::string_view part) {
  const size_t slash = part.rfind('/');
  return std::string(slash == part.npos ? std::string_view() : part.substr(0, slash + 1));
}

// "../a.xml" seen from "xl/worksheets/" is "xl/a.xml"; "/xl/a.xml" is "xl/a.xml".
std::string Resolve(std::string_view folder, std::string_view target) {
  std::string whole =
      target.substr(0, 1) == "/" ? std::string(target.substr(1)) : std::string(folder) + std::string(target);
  std::vector<std::string> steps;
  for (size_t from = 0; from <= whole.size();) {
    const size_t end = std::min(whole.find('/', from), whole.size());
    const std::string step = whole.substr(from, end - from);
    if (step == "..") {
      if (!steps.empty()) steps.pop_back();
    } else if (step != "." && !step.empty()) {
      steps.push_back(step);
    }
    from = end + 1;
  }
  std::string path;
  for (const std::string& step : steps) path += (path.empty() ? "" : "/") + step;
  return path;
}

class RelationReader : public XmlHandler {
 public:
  RelationReader(std::string folder, std::map<std::string, Relation>* relations)
      : folder_(std::move(folder)), relations_(relations) {}

  void OnStart(std::string_view element, const Attributes& attributes) override {
    if (element != "Relationship" || attributes["TargetMode"] == "External") return;
    const std::string_view type = attributes["Type"];
    (*relations_)[std::string(attributes["Id"])] = {std::string(type.substr(type.rfind('/') + 1)),
                                                    Resolve(folder_, attributes["Target"])};
  }
  void OnEnd(std::string_view) override {}
  void OnText(std::string_view) override {}

 private:
  const std::string folder_;
  std::map<std::string, Relation>* relations_;
};

}  // namespace

const packed::ZipEntry* Package::Entry(std::string_view part) const {
  if (const packed::ZipEntry* entry = zip_.Find(part)) return entry;
  const auto same = [](char a, char b) {
    return std::tolower(static_cast<unsigned char>(a)) == std::tolower(static_cast<unsigned char>(b));
  };
  const auto& entries = zip_.entries();
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const packed::ZipEntry& entry) {
    return std::equal(entry.name.begin(), entry.name.end(), part.begin(), part.end(), same);
  });
  return found == entries.end() ? nullptr : &*found;
}

sdk::Status Package::Stream(std::string_view part, std::unique_ptr<packed::ByteStream>& stream) const {
  const packed::ZipEntry* const entry = Entry(part);
  if (entry == nullptr) {
    return sdk::Status::SourceUnreadable("the workbook has no part " + std::string(part) +
                                         ": open it in Excel or LibreOffice, save it and send it again");
  }
  return zip_.Read(*entry, stream);
}

sdk::Status Package::Parse(std::string_view part, XmlHandler* handler) const {
  std::unique_ptr<packed::ByteStream> stream;
  if (sdk::Status status = Stream(part, stream); !status.ok()) return status;
  return XmlParser(std::move(stream), std::string(part), handler).Run();
}

sdk::Status Package::Relations(std::string_view part, std::map<std::string, Relation>& relations) const {
  const std::string folder = FolderOf(part);
  const std::string place = folder + "_rels/" + std::string(part.substr(folder.size())) + ".rels";
  if (!Has(place)) return sdk::Status::Ok();
  RelationReader reader(folder, &relations);
  return Parse(place, &reader);
}

}  // namespace concordat::spreadsheet
