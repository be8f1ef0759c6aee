#include "sim/scenario/formula_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <limits>

#include "sim/base/text.h"
#include "sim/chaos/fault.h"
#include "sim/scenario/errors.h"
#include "sim/workload/workload.h"
#include "sim/world/world.h"

namespace seedbed {

namespace {

using temporal::Formula;
using temporal::Happens;
using temporal::Relation;

constexpr std::size_t kMostCharacters = 2000;
constexpr int kMostDepth = 32;

class FieldNames final : public FieldSink {
 public:
  explicit FieldNames(std::vector<PropertyWords::Field>& fields) : fields_(fields) {}
  bool wants(std::string_view path) override { return path != "role" && path != "epoch"; }
  void see(std::string_view path, const FieldValue& value) override {
    fields_.push_back({std::string(path), value.kind});
  }

 private:
  std::vector<PropertyWords::Field>& fields_;
};

struct Token {
  enum class Kind : std::uint8_t { kEnd, kWord, kNumber, kText, kSymbol };
  Kind kind = Kind::kEnd;
  std::string_view text;
  std::size_t at = 0;
};

/// What is wrong, from anywhere in the parser.
struct Complaint {
  std::string message;
};

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

class Tokens {
 public:
  explicit Tokens(std::string_view text) : text_(text) { next(); }

  const Token& now() const { return token_; }
  std::size_t begin() const { return token_.at; }
  /// The text from there to before the present token.
  std::string since(std::size_t begin) const {
    std::string_view piece = text_.substr(begin, token_.at - begin);
    while (piece.ends_with(' ')) piece.remove_suffix(1);
    return std::string(piece);
  }
  bool is(std::string_view word) const {
    return token_.text == word && token_.kind != Token::Kind::kText;
  }
  bool skip(std::string_view word) {
    if (!is(word)) return false;
    next();
    return true;
  }
  Token take() {
    const Token taken = token_;
    next();
    return taken;
  }
  void expect(std::string_view symbol) {
    if (!skip(symbol)) wanted(in_quotes(symbol));
  }
  [[noreturn]] void wanted(std::string_view what) const {
    const std::string found = token_.kind == Token::Kind::kEnd ? "the end" : in_quotes(token_.text);
    complain(token_, fmt::format("{} instead of {}", found, what));
  }
  [[noreturn]] static void complain(const Token& at, std::string message) {
    throw Complaint{fmt::format("character {}: {}", at.at + 1, std::move(message))};
  }

 private:
  void next() {
    while (end_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[end_]))) ++end_;
    token_ = {Token::Kind::kEnd, {}, end_};
    if (end_ == text_.size()) return;
    const char c = text_[end_];
    if (c == '\'' || c == '"') return quoted(c);
    const bool negative = c == '-' && end_ + 1 < text_.size() && is_digit(text_[end_ + 1]);
    if (is_letter(c)) return run(Token::Kind::kWord);
    if (is_digit(c) || negative) return run(Token::Kind::kNumber);
    std::size_t length = 1;
    const std::string_view two = text_.substr(end_, 2);
    if (two == "==" || two == "!=" || two == "<=" || two == ">=") length = 2;
    if (length == 1 && std::string_view("()<>").find(c) == std::string_view::npos) {
      token_.text = text_.substr(end_, 1);
      complain(token_, fmt::format("{} means nothing here; there are ==, !=, <, <=, >, >=, ( and )",
                                   in_quotes(token_.text)));
    }
    set(Token::Kind::kSymbol, length);
  }
  void run(Token::Kind kind) {
    std::size_t length = 1;
    const auto goes_on = [](char c) { return is_letter(c) || is_digit(c) || c == '.' || c == '-'; };
    while (end_ + length < text_.size() && goes_on(text_[end_ + length])) ++length;
    set(kind, length);
  }
  void quoted(char quote) {
    const std::size_t close = text_.find(quote, end_ + 1);
    if (close == std::string_view::npos) complain(token_, "a quotation that does not end");
    token_ = {Token::Kind::kText, text_.substr(end_ + 1, close - end_ - 1), end_};
    end_ = close + 1;
  }
  void set(Token::Kind kind, std::size_t length) {
    token_ = {kind, text_.substr(end_, length), end_};
    end_ += length;
  }

  std::string_view text_;
  std::size_t end_ = 0;  // of the present token
  Token token_;
};

class FormulaParser {
 public:
  FormulaParser(std::string_view text, const PropertyWords& words) : tokens_(text), words_(words) {}

  Formula whole() {
    Formula formula = any_of();
    if (tokens_.now().kind != Token::Kind::kEnd) tokens_.wanted("and, or, or the end");
    return formula;
  }

 private:
  Formula any_of() { return joined(Formula::Kind::kOr, "or"); }

  Formula joined(Formula::Kind kind, std::string_view word) {
    const std::size_t begin = tokens_.begin();
    const auto part = [&] {
      return kind == Formula::Kind::kOr ? joined(Formula::Kind::kAnd, "and") : negated();
    };
    Formula first = part();
    if (!tokens_.is(word)) return first;
    Formula all{.kind = kind};
    all.parts.push_back(std::move(first));
    while (tokens_.skip(word)) all.parts.push_back(part());
    all.text = tokens_.since(begin);
    return all;
  }

  Formula negated() {
    const std::size_t begin = tokens_.begin();
    if (++depth_ > kMostDepth) {
      Tokens::complain(tokens_.now(), fmt::format("nested deeper than {}", kMostDepth));
    }
    Formula formula;
    if (tokens_.skip("not")) {
      formula.kind = Formula::Kind::kNot;
      formula.parts.push_back(negated());
    } else if (tokens_.skip("(")) {
      formula = any_of();
      tokens_.expect(")");
    } else {
      formula = inside_ != nullptr ? comparison() : term();
    }
    --depth_;
    formula.text = tokens_.since(begin);
    return formula;
  }

  Formula term() {
    constexpr std::string_view kTerms[] = {"all", "any", "count", "up", "time"};
    const Token word = tokens_.take();
    const auto happens = std::find(std::begin(temporal::kHappensWords),
                                   std::end(temporal::kHappensWords), word.text);
    if (word.kind == Token::Kind::kWord && happens != std::end(temporal::kHappensWords)) {
      return happening(static_cast<Happens>(happens - std::begin(temporal::kHappensWords)));
    }
    if (word.text == "all") return quantified({.kind = Formula::Kind::kAll});
    if (word.text == "any") return quantified({.kind = Formula::Kind::kAny});
    if (word.text == "count") return numbered(quantified({.kind = Formula::Kind::kCount}));
    if (word.text == "up") return numbered({.kind = Formula::Kind::kUp});
    if (word.text == "time") return timed();
    if (field_named(word.text) != nullptr) {
      Tokens::complain(word, fmt::format("say whose {}: all(...), any(...) or count(...) of the "
                                         "servers that are up",
                                         word.text));
    }
    std::vector<std::string_view> known(std::begin(kTerms), std::end(kTerms));
    known.insert(known.end(), std::begin(temporal::kHappensWords),
                 std::end(temporal::kHappensWords));
    const std::string found = word.kind == Token::Kind::kEnd ? "the end" : in_quotes(word.text);
    Tokens::complain(word,
                     fmt::format("{} is no condition{}", found, suggestion(word.text, known)));
  }

  Formula quantified(Formula formula) {
    tokens_.expect("(");
    inside_ = &formula.fields;
    formula.parts.push_back(any_of());
    inside_ = nullptr;
    tokens_.expect(")");
    return formula;
  }

  Formula numbered(Formula formula) {
    formula.relation = relation();
    formula.number = number();
    return formula;
  }

  Formula timed() {
    Formula formula{.kind = Formula::Kind::kTime, .relation = relation()};
    const Token token = tokens_.take();
    const auto parsed = parse_duration(token.text);
    if (!parsed.value) Tokens::complain(token, parsed.error);
    formula.number = parsed.value->count();
    return formula;
  }

  Formula happening(Happens happens) {
    const Token name = tokens_.take();
    const auto& [noun, known] = names_of(happens);
    if (std::find(known.begin(), known.end(), name.text) == known.end()) {
      const std::string found = name.kind == Token::Kind::kEnd ? "the end" : in_quotes(name.text);
      Tokens::complain(name,
                       fmt::format("{} is no {}{}", found, noun, suggestion(name.text, known)));
    }
    return {.kind = Formula::Kind::kHappens, .happens = happens, .word = std::string(name.text)};
  }

  std::pair<std::string, const std::vector<std::string_view>&> names_of(Happens happens) const {
    switch (happens) {
      case Happens::kFired:
      case Happens::kSent:
      case Happens::kDelivered: return {"message or timer of " + words_.protocol, words_.messages};
      case Happens::kFault:
      case Happens::kOver: return {"fault", words_.faults};
      case Happens::kBecomes: return {"role of " + words_.protocol, words_.roles};
      default: return {"operation of the workload", words_.functions};
    }
  }

  Formula comparison() {
    const Token name = tokens_.take();
    const PropertyWords::Field* field = field_named(name.text);
    if (field == nullptr || name.kind != Token::Kind::kWord) {
      std::vector<std::string_view> known;
      for (const auto& f : words_.fields) known.push_back(f.name);
      const std::string found = name.kind == Token::Kind::kEnd ? "the end" : in_quotes(name.text);
      Tokens::complain(name, fmt::format("{} is no field of {}{}", found, words_.protocol,
                                         suggestion(name.text, known)));
    }
    Formula formula{.kind = Formula::Kind::kCompare, .relation = relation()};
    formula.left = asked(field->name);
    operand(*field, formula);
    return formula;
  }

  void operand(const PropertyWords::Field& field, Formula& formula) {
    const Token token = tokens_.now();
    const bool ordered =
        formula.relation != Relation::kEqual && formula.relation != Relation::kUnequal;
    if (token.kind == Token::Kind::kNumber) {
      if (field.kind == FieldValue::Kind::kWord) {
        Tokens::complain(token, fmt::format("{} is a word, not a number", field.name));
      }
      formula.number = number_or_duration();
      return;
    }
    if (token.kind != Token::Kind::kWord && token.kind != Token::Kind::kText) {
      tokens_.wanted("a number, a word or a field");
    }
    tokens_.take();
    const bool quoted = token.kind == Token::Kind::kText;
    if (const PropertyWords::Field* other = field_named(token.text); other != nullptr && !quoted) {
      formula.with_field = true;
      formula.right = asked(other->name);
      return;
    }
    if (ordered || field.kind == FieldValue::Kind::kNumber) {
      std::vector<std::string_view> known;
      for (const auto& f : words_.fields) known.push_back(f.name);
      const std::string_view near = nearest(token.text, known);
      Tokens::complain(token,
                       fmt::format("{} is no number and no field of {}{}", in_quotes(token.text),
                                   words_.protocol,
                                   near.empty() ? "" : fmt::format("; did you mean '{}'?", near)));
    }
    const bool is_role = field.name == "role" && !words_.roles.empty();
    if (is_role &&
        std::find(words_.roles.begin(), words_.roles.end(), token.text) == words_.roles.end()) {
      Tokens::complain(token, fmt::format("{} is no role of {}{}", in_quotes(token.text),
                                          words_.protocol, suggestion(token.text, words_.roles)));
    }
    formula.with_word = true;
    formula.word = token.text;
  }

  Relation relation() {
    constexpr std::string_view kRelations[] = {"==", "!=", "<", "<=", ">", ">="};
    const auto found = std::find(std::begin(kRelations), std::end(kRelations), tokens_.now().text);
    if (found == std::end(kRelations) || tokens_.now().kind != Token::Kind::kSymbol) {
      tokens_.wanted("==, !=, <, <=, > or >=");
    }
    tokens_.take();
    return static_cast<Relation>(found - std::begin(kRelations));
  }

  std::int64_t number() {
    const Token token = tokens_.take();
    const auto parsed = parse_integer(token.text, 0, std::numeric_limits<std::int64_t>::max());
    if (!parsed.value) Tokens::complain(token, parsed.error);
    return *parsed.value;
  }
  std::int64_t number_or_duration() {
    const Token token = tokens_.take();
    if (is_letter(token.text.back())) {
      const auto parsed = parse_duration(token.text, Sign::kAny);
      if (!parsed.value) Tokens::complain(token, parsed.error);
      return parsed.value->count();
    }
    using Limits = std::numeric_limits<std::int64_t>;
    const auto parsed = parse_integer(token.text, Limits::min(), Limits::max());
    if (!parsed.value) Tokens::complain(token, parsed.error);
    return *parsed.value;
  }

  const PropertyWords::Field* field_named(std::string_view name) const {
    for (const PropertyWords::Field& field : words_.fields) {
      if (field.name == name) return &field;
    }
    return nullptr;
  }
  /// Its place among the fields that the quantifier asks for.
  std::size_t asked(const std::string& name) {
    const auto known = std::find(inside_->begin(), inside_->end(), name);
    const auto at = static_cast<std::size_t>(known - inside_->begin());
    if (known == inside_->end()) inside_->push_back(name);
    return at;
  }

  Tokens tokens_;
  const PropertyWords& words_;
  std::vector<std::string>* inside_ = nullptr;  // the fields of the quantifier around
  int depth_ = 0;
};

/// What it says of itself when it has just booted: before that it may not be able to.
void ask_a_process(const Protocol& protocol, PropertyWords& words) {
  std::vector<Value> defaults;
  for (const Parameter& parameter : protocol.parameters) defaults.push_back(parameter.initial);
  const std::shared_ptr<const ProcessBase> prototype = protocol.make(defaults);
  for (std::size_t i = 0; !prototype->handled(i).empty(); ++i) {
    words.messages.push_back(prototype->handled(i));
  }
  World world({}, protocol.min_nodes);
  for (std::uint32_t i = 0; i < protocol.min_nodes; ++i) world.add_node({prototype});
  FieldNames names(words.fields);
  try {
    while (world.process({1}) == nullptr && world.step()) continue;
    if (const ProcessBase* process = world.process({1})) process->fields(names);
  } catch (const AssertionFailed&) {
    words.fields.resize(2);  // it cannot stand on its own, and tells of nothing
  }
}

}  // namespace

PropertyWords words_of_properties(const Protocol& protocol) {
  PropertyWords words;
  words.protocol = protocol.name;
  words.fields = {{"role", FieldValue::Kind::kWord}, {"epoch", FieldValue::Kind::kNumber}};
  ask_a_process(protocol, words);
  const auto add = [](std::vector<std::string_view>& to, std::span<const std::string_view> more) {
    for (const std::string_view word : more) {
      if (std::find(to.begin(), to.end(), word) == to.end()) to.push_back(word);
    }
  };
  for (const Workload* workload : all_workloads()) {
    if (workload->service != protocol.workload) continue;
    add(words.messages, workload->replies);
    add(words.functions, workload->functions);
  }
  if (!words.functions.empty()) words.functions.push_back(temporal::kAnyOperation);
  for (const FaultInfo* fault : all_faults()) words.faults.push_back(fault->name);
  for (const ProtocolAction& action : protocol.actions) words.faults.push_back(action.name);
  for (const RoleInfo& role : protocol.roles) words.roles.push_back(role.name);
  return words;
}

Parsed<Formula> parse_formula(std::string_view text, const PropertyWords& words) {
  if (text.size() > kMostCharacters) {
    return {
        {},
        fmt::format("a formula of {} characters; {} is the most", text.size(), kMostCharacters)};
  }
  try {
    return {FormulaParser(text, words).whole(), ""};
  } catch (const Complaint& complaint) {
    return {{}, complaint.message};
  }
}

}  // namespace seedbed
