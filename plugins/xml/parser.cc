#include "plugins/xml/parser.h"

#include <expat.h>

#include <cctype>
#include <chrono>
#include <cstring>

#include "plugins/xml/single_byte.h"

namespace concordat::xml {
namespace {

std::string Place(XML_Parser parser) {
  return "line " + std::to_string(XML_GetCurrentLineNumber(parser)) + ", column " +
         std::to_string(XML_GetCurrentColumnNumber(parser) + 1) + ": ";
}

std::string Lower(std::string_view text) {
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return lower;
}

// What a steward can do about it.
std::string Words(XML_Error error, const std::string& encoding) {
  switch (error) {
    case XML_ERROR_NO_ELEMENTS:
      return "the document ends before its first element is closed: it was cut off; export or send it again";
    case XML_ERROR_UNCLOSED_TOKEN:
    case XML_ERROR_PARTIAL_CHAR:
    case XML_ERROR_UNCLOSED_CDATA_SECTION:
      return "the document ends within a tag, a comment or a character: it was cut off; export or send it "
             "again";
    case XML_ERROR_TAG_MISMATCH:
      return "an end tag does not fit the element that is open: a tag is missing or was cut out";
    case XML_ERROR_JUNK_AFTER_DOC_ELEMENT:
      return "something stands behind the end of the document: a file has one outermost element; were two "
             "files joined?";
    case XML_ERROR_INVALID_TOKEN:
      return "this is no XML: a < or & in a text is written &lt; or &amp;; bytes that are not " + encoding +
             " mean another encoding (option encoding: windows-1252)";
    case XML_ERROR_UNDEFINED_ENTITY:
      return "an entity that XML does not know (it knows &amp; &lt; &gt; &quot; &apos;): write the character "
             "itself, or its number "
             "such as &#163;";
    case XML_ERROR_DUPLICATE_ATTRIBUTE:
      return "an attribute stands twice in one tag";
    case XML_ERROR_UNKNOWN_ENCODING:
    case XML_ERROR_INCORRECT_ENCODING:
      return "the document says that its encoding is \"" + encoding +
             "\", which it is not or which is not read here: utf-8, utf-16, iso-8859-1, iso-8859-15 and "
             "windows-1252 are";
    case XML_ERROR_MISPLACED_XML_PI:
      return "<?xml ...?> stands behind the beginning of the file: nothing, not even a blank, may stand "
             "before it; were two files joined?";
    case XML_ERROR_NO_MEMORY:
      return "there is not enough memory";
    default:
      return std::string("this is no XML: ") + XML_ErrorString(error);
  }
}

// Attributes about the document rather than the record.
bool IsDeclaration(std::string_view name) {
  return name == "xmlns" || name.substr(0, 6) == "xmlns:" || name.substr(0, 4) == "xsi:";
}

}  // namespace

class Parser::Expat {
 public:
  Expat(tree::Source* source, const Options& options, Handler* handler)
      : source_(source),
        options_(options),
        handler_(handler),
        parser_(XML_ParserCreate(options.encoding.empty() ? nullptr : options.encoding.c_str())) {
    if (!options.encoding.empty()) encoding_ = options.encoding;
    if (parser_ == nullptr) return;
    // Asking the system for randomness may be forbidden here; the loader's random addresses serve.
    const auto now = static_cast<unsigned long>(std::chrono::steady_clock::now().time_since_epoch().count());
    XML_SetHashSalt(parser_, (reinterpret_cast<uintptr_t>(this) ^ (now * 0x9E3779B97F4A7C15ul)) | 1);
    XML_SetUserData(parser_, this);
    XML_SetElementHandler(parser_, &OnStart, &OnEnd);
    XML_SetCharacterDataHandler(parser_, &OnText);
    XML_SetXmlDeclHandler(parser_, &OnDeclaration);
    XML_SetEntityDeclHandler(parser_, &OnEntity);
    XML_SetSkippedEntityHandler(parser_, &OnUnknown);
    XML_SetUnknownEncodingHandler(parser_, &OnEncoding, nullptr);
    XML_SetParamEntityParsing(parser_, XML_PARAM_ENTITY_PARSING_NEVER);
  }
  ~Expat() { XML_ParserFree(parser_); }

  sdk::Status Step(bool& more) {
    more = true;
    if (parser_ == nullptr) return sdk::Status::Failed("out of memory");
    void* const room = XML_GetBuffer(parser_, static_cast<int>(options_.piece_bytes));
    if (room == nullptr) return sdk::Status::Failed("out of memory");
    const int64_t got = source_->Read(offset_, static_cast<char*>(room), options_.piece_bytes);
    if (got < 0) return sdk::Status::Failed("the source could not be read");
    if (offset_ == 0 && got == 0) return sdk::Status::SourceUnreadable("the file is empty");
    offset_ += static_cast<uint64_t>(got);
    const bool last = offset_ >= source_->size() || got == 0;
    more = !last;
    const XML_Status status = XML_ParseBuffer(parser_, static_cast<int>(got), last ? XML_TRUE : XML_FALSE);
    if (!refusal_.empty()) return sdk::Status::SourceUnreadable(refusal_);
    if (status != XML_STATUS_OK) {
      return sdk::Status::SourceUnreadable(Place(parser_) + Words(XML_GetErrorCode(parser_), encoding_));
    }
    const XML_Index at = XML_GetCurrentByteIndex(parser_);
    const uint64_t done = at < 0 ? 0 : static_cast<uint64_t>(at);
    if (!last && offset_ > done && offset_ - done > options_.token_bytes + options_.piece_bytes) {
      return sdk::Status::SourceUnreadable(
          Place(parser_) + "a tag, comment or instruction longer than 8 MiB: is its end missing?");
    }
    return sdk::Status::Ok();
  }

  const std::string& encoding() const { return encoding_; }

 private:
  static Expat& Of(void* self) { return *static_cast<Expat*>(self); }

  void Refuse(const std::string& why) {
    if (refusal_.empty()) refusal_ = Place(parser_) + why;
    XML_StopParser(parser_, XML_FALSE);
  }

  std::string_view Named(const char* name) const {
    const std::string_view whole = name;
    const size_t colon = options_.keep_prefixes ? std::string_view::npos : whole.find(':');
    return colon == std::string_view::npos ? whole : whole.substr(colon + 1);
  }

  static void OnStart(void* self, const char* name, const char** attributes) {
    Expat& expat = Of(self);
    if (!expat.refusal_.empty()) return;
    if (++expat.depth_ > kDeepest) return expat.Refuse("more than 100 elements in each other");
    expat.attributes_.clear();
    for (; *attributes != nullptr; attributes += 2) {
      if (IsDeclaration(attributes[0])) continue;
      expat.attributes_.emplace_back(expat.Named(attributes[0]), attributes[1]);
    }
    if (expat.attributes_.size() > kMostAttributes)
      return expat.Refuse("an element with more than 1000 attributes");
    expat.handler_->Start(expat.Named(name), expat.attributes_, XML_GetCurrentLineNumber(expat.parser_));
  }
  // Expat may tell what it has begun to tell although it was stopped.
  static void OnEnd(void* self, const char*) {
    if (!Of(self).refusal_.empty()) return;
    --Of(self).depth_;
    Of(self).handler_->End();
  }

  static void OnText(void* self, const char* text, int size) {
    if (Of(self).refusal_.empty()) Of(self).handler_->Text({text, static_cast<size_t>(size)});
  }
  static void OnUnknown(void* self, const char* name, int) {
    if (Of(self).refusal_.empty()) Of(self).handler_->Unknown(name);
  }

  static void OnDeclaration(void* self, const char*, const char* encoding, int) {
    if (encoding != nullptr && Of(self).options_.encoding.empty()) Of(self).encoding_ = Lower(encoding);
  }

  static void OnEntity(void* self, const char* name, int is_parameter, const char*, int, const char*,
                       const char* system, const char*, const char*) {
    const std::string what =
        std::string(is_parameter != 0 ? "the parameter entity \"" : "the entity \"") + name + "\"";
    Of(self).Refuse("the document declares " + what +
                    (system != nullptr
                         ? ", which stands for another file: nothing outside the document is read here"
                         : ": a few of them can blow a small file up without end, so that none are taken") +
                    "; have it exported without a DTD");
  }

  static int OnEncoding(void*, const char* name, XML_Encoding* info) {
    const SingleByte* const table = FindSingleByte(Lower(name));
    if (table == nullptr) return XML_STATUS_ERROR;
    for (int byte = 0; byte < 256; ++byte)
      info->map[byte] = table->CodePoint(static_cast<unsigned char>(byte));
    info->data = nullptr;
    info->convert = nullptr;
    info->release = nullptr;
    return XML_STATUS_OK;
  }

  tree::Source* const source_;
  const Options& options_;
  Handler* const handler_;
  const XML_Parser parser_;
  uint64_t offset_ = 0;
  size_t depth_ = 0;
  std::string encoding_ = "utf-8";
  std::string refusal_;
  Handler::Attributes attributes_;
};

Parser::Parser(tree::Source* source, const Options& options, Handler* handler)
    : expat_(std::make_unique<Expat>(source, options, handler)) {}
Parser::~Parser() = default;

sdk::Status Parser::Step(bool& more) { return expat_->Step(more); }
const std::string& Parser::encoding() const { return expat_->encoding(); }

}  // namespace concordat::xml
