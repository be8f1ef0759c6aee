// Form: lines, headers, sizes, and state that lives outside of a run.
#include <algorithm>
#include <string_view>

#include "tests/lint/rules.h"

namespace seedbed::lint {

namespace {

constexpr std::size_t kMaxColumns = 100;
constexpr int kMaxFunctionLines = 70;
constexpr std::size_t kMaxFileLines = 500;

/// UTF-8: every byte but those that continue a character.
std::size_t columns(std::string_view line) {
  return static_cast<std::size_t>(std::count_if(
      line.begin(), line.end(), [](char c) { return (static_cast<unsigned char>(c) >> 6) != 2; }));
}

}  // namespace

void layout(const Source& source, Findings& out) {
  for (std::size_t i = 0; i < source.lines.size(); ++i) {
    const std::string& line = source.lines[i];
    const int number = static_cast<int>(i) + 1;
    if (columns(line) > kMaxColumns) {
      out.push_back({source.path, number, std::to_string(columns(line)) + " columns"});
    }
    if (line.find('\t') != line.npos) out.push_back({source.path, number, "a tab"});
    if (!line.empty() && (line.back() == ' ' || line.back() == '\r')) {
      out.push_back({source.path, number, "a blank at the end"});
    }
  }
  if (!source.text.ends_with('\n')) {
    out.push_back({source.path, static_cast<int>(source.lines.size()), "no newline at the end"});
  }
}

void headers(const Source& source, Findings& out) {
  if (!source.header()) return;
  if (!source.text.starts_with("//")) {
    out.push_back({source.path, 1, "a header opens with a comment: what it is, its contract"});
  }
  const bool once =
      std::find(source.lines.begin(), source.lines.end(), "#pragma once") != source.lines.end();
  if (!once) out.push_back({source.path, 1, "no #pragma once"});
}

namespace {

using Tokens = std::vector<const Token*>;

bool has(const Tokens& tokens, std::string_view word) {
  return std::any_of(tokens.begin(), tokens.end(), [&](const Token* t) { return t->is(word); });
}

/// Walks a file's namespaces and classes; hands each function and each declaration to its heir.
/// A heuristic: it knows no types and no macros, only how declarations look.
class Outline {
 public:
  virtual ~Outline() = default;

  void walk(const Source& source) {
    for (const Token& t : source.tokens) {
      if (!t.directive) tokens_.push_back(&t);
    }
    while (at_ < tokens_.size()) step(*tokens_[at_]);
  }

 protected:
  enum class Scope { kNamespace, kClass };
  /// `head` is what stands before the body, without what is in brackets; the body has its braces.
  virtual void on_function(const Tokens& /*head*/, const Tokens& /*body*/) {}
  /// Up to its semicolon, without what is in brackets.
  virtual void on_declaration(Scope /*scope*/, const Tokens& /*declaration*/) {}

 private:
  void step(const Token& t) {
    if (t.is("template")) {
      ++at_;
      skip_angles();
    } else if (t.is("{")) {
      open_brace();
    } else if (t.is("}")) {
      if (!scopes_.empty()) scopes_.pop_back();
      head_.clear();
      ++at_;
    } else if (t.is(";")) {
      if (!head_.empty()) on_declaration(scope(), head_);
      head_.clear();
      ++at_;
    } else if (t.is(":") && head_.size() == 1 && is_access(*head_[0])) {
      head_.clear();
      ++at_;
    } else if (t.is("(") || t.is("[")) {
      head_.push_back(&t);
      head_.push_back(take_balanced().back());
    } else {
      head_.push_back(&t);
      ++at_;
    }
  }

  void open_brace() {
    static const std::set<std::string> kScopes = {"namespace", "class", "struct", "union"};
    const Token* keyword = nullptr;
    for (const Token* t : head_) {
      if (t->is("(") || t->is("=")) break;
      if (kScopes.contains(t->text) || t->is("enum") || t->is("extern")) {
        keyword = t;
        break;
      }
    }
    if (keyword != nullptr && keyword->is("enum")) {
      take_balanced();
    } else if (keyword != nullptr && (kScopes.contains(keyword->text) || head_.size() == 2)) {
      const bool outside = keyword->is("namespace") || keyword->is("extern");
      scopes_.push_back(outside ? Scope::kNamespace : Scope::kClass);
      head_.clear();
      ++at_;
    } else if (is_initialiser()) {
      head_.push_back(take_balanced().back());
    } else {
      on_function(head_, take_balanced());
      head_.clear();
    }
  }

  /// The head so far is `T name`, `T name =`, or a constructor's `: member_`.
  bool is_initialiser() const {
    if (head_.empty()) return false;
    std::size_t parameters = head_.size();
    bool member = false;
    for (std::size_t i = 0; i < head_.size(); ++i) {
      if (head_[i]->is("=") && (i == 0 || !head_[i - 1]->is("operator"))) return true;
      if (head_[i]->is(")")) parameters = std::min(parameters, i);
      member |= i > parameters && head_[i]->is(":");
    }
    if (parameters == head_.size()) return true;
    return member && (head_.back()->kind == Token::Kind::kWord || head_.back()->is(">"));
  }

  /// From the opening bracket here to its closing one.
  Tokens take_balanced() {
    Tokens taken;
    int depth = 0;
    do {
      const Token& t = *tokens_[at_++];
      if (t.is("(") || t.is("[") || t.is("{")) ++depth;
      if (t.is(")") || t.is("]") || t.is("}")) --depth;
      taken.push_back(&t);
    } while (depth > 0 && at_ < tokens_.size());
    return taken;
  }

  void skip_angles() {
    int depth = 0;
    for (; at_ < tokens_.size(); ++at_) {
      if (tokens_[at_]->is("<")) ++depth;
      if (tokens_[at_]->is(">")) --depth;
      if (depth <= 0) break;
    }
    if (at_ < tokens_.size() && tokens_[at_]->is(">")) ++at_;
  }

  static bool is_access(const Token& t) {
    return t.is("public") || t.is("protected") || t.is("private");
  }
  Scope scope() const { return scopes_.empty() ? Scope::kNamespace : scopes_.back(); }

  Tokens tokens_;
  std::size_t at_ = 0;
  Tokens head_;
  std::vector<Scope> scopes_;
};

class FunctionSizes : public Outline {
 public:
  FunctionSizes(const Source& source, Findings& out) : source_(source), out_(out) {}

 private:
  void on_function(const Tokens& head, const Tokens& body) override {
    const int first = (head.empty() ? body : head).front()->line;
    const int lines = body.back()->line - first + 1;
    if (lines <= kMaxFunctionLines) return;
    out_.push_back({source_.path, first,
                    "a function of " + std::to_string(lines) + " lines does not fit a screen"});
  }

  const Source& source_;
  Findings& out_;
};

class MutableGlobals : public Outline {
 public:
  MutableGlobals(const Source& source, Findings& out) : source_(source), out_(out) {}

 private:
  void on_declaration(Scope scope, const Tokens& declaration) override {
    const bool shared = scope == Scope::kNamespace || has(declaration, "static") ||
                        has(declaration, "thread_local");
    if (shared && is_variable(declaration) && !is_constant(declaration)) report(declaration);
  }

  /// A local `static` outlives the run as well.
  void on_function(const Tokens&, const Tokens& body) override {
    for (std::size_t i = 0; i < body.size(); ++i) {
      if (!body[i]->is("static") && !body[i]->is("thread_local")) continue;
      Tokens declaration;
      for (; i < body.size() && !body[i]->is(";") && !body[i]->is("{"); ++i) {
        declaration.push_back(body[i]);
      }
      if (is_variable(declaration) && !is_constant(declaration)) report(declaration);
    }
  }

  static bool is_variable(const Tokens& declaration) {
    static const std::set<std::string> kOthers = {
        "using", "typedef", "namespace", "friend", "static_assert", "concept",
        "class", "struct",  "union",     "enum",   "operator",      "requires"};
    if (declaration.size() < 2) return false;
    if (has(declaration, "thread_local")) return true;
    for (const Token* t : declaration) {
      if (t->is("=")) return true;
      if (t->is("(") || kOthers.contains(t->text)) return false;  // `(`: a function
    }
    return true;
  }

  /// The variable itself: `const char* p` is not, as far as one can see from its declaration.
  static bool is_constant(const Tokens& declaration) {
    bool constant = false;
    int angles = 0;
    for (const Token* t : declaration) {
      if (t->is("=")) break;
      if (t->is("constexpr")) return true;
      if (t->is("<")) ++angles;
      if (t->is(">")) --angles;
      if (angles != 0) continue;
      if (t->is("const")) constant = true;
      if (t->is("*")) constant = false;
    }
    return constant;
  }

  void report(const Tokens& declaration) {
    out_.push_back({source_.path, declaration.front()->line,
                    "mutable state outside of a run: what a run is, Run owns"});
  }

  const Source& source_;
  Findings& out_;
};

bool simulated(const Source& source) { return source.in("sim/") || source.in("protocols/"); }

}  // namespace

void sizes(const Source& source, Findings& out) {
  if (source.lines.size() > kMaxFileLines) {
    out.push_back({source.path, static_cast<int>(kMaxFileLines) + 1,
                   std::to_string(source.lines.size()) + " lines: one idea a file"});
  }
  if (simulated(source)) FunctionSizes(source, out).walk(source);
}

void mutable_globals(const Source& source, Findings& out) {
  if (simulated(source)) MutableGlobals(source, out).walk(source);
}

}  // namespace seedbed::lint
