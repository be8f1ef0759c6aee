// Shapes as JSON Schema, draft 2020-12.
#include <nlohmann/json.hpp>

#include "sim/scenario/draft.h"
#include "sim/scenario/scenario_reader.h"

namespace seedbed {

namespace {

using Json = nlohmann::ordered_json;

class SchemaWriter {
 public:
  Json of(const Shape& shape) {
    if (shape.definition.empty()) return plain(shape);
    if (!definitions_.contains(shape.definition)) definitions_[shape.definition] = plain(shape);
    return {{"$ref", "#/$defs/" + shape.definition}};
  }
  Json take_definitions() { return std::move(definitions_); }

 private:
  Json plain(const Shape& shape) {
    switch (shape.kind) {
      case Shape::Kind::kAny: return Json::object();
      case Shape::Kind::kText: return text(shape);
      case Shape::Kind::kInteger: return integer(shape);
      case Shape::Kind::kNumber: return {{"type", "number"}, {"description", shape.noun}};
      case Shape::Kind::kBoolean: return {{"type", "boolean"}};
      case Shape::Kind::kNull: return {{"type", "null"}};
      case Shape::Kind::kChoice: return choice(shape);
      case Shape::Kind::kMap: return map(shape);
      case Shape::Kind::kList: return list(shape);
      case Shape::Kind::kEither: return either(shape);
    }
    return Json::object();
  }

  static Json text(const Shape& shape) {
    Json j = {{"type", "string"}};
    if (!shape.noun.empty()) j["description"] = shape.noun;
    if (!shape.pattern.empty()) j["pattern"] = shape.pattern;
    if (!shape.example.empty()) j["examples"] = Json::array({shape.example});
    return j;
  }

  static Json integer(const Shape& shape) {
    Json j = {{"type", "integer"}, {"minimum", shape.min}};
    if (shape.max != std::numeric_limits<std::int64_t>::max()) j["maximum"] = shape.max;
    return j;
  }

  /// `enum` alone would hide what the words mean: editors show the titles of `oneOf`.
  static Json choice(const Shape& shape) {
    Json names = Json::array();
    Json about = Json::array();
    for (const Shape::Option& option : shape.options) {
      names.push_back(option.name);
      about.push_back(option.about);
    }
    if (names.empty()) return {{"not", Json::object()}};  // there is no such word
    return {{"type", "string"}, {"enum", names}, {"markdownEnumDescriptions", about}};
  }

  Json list(const Shape& shape) {
    Json j = {{"type", "array"}, {"items", of(shape.parts[0])}};
    if (shape.min_items > 0) j["minItems"] = shape.min_items;
    return j;
  }

  Json either(const Shape& shape) {
    Json parts = Json::array();
    for (const Shape& part : shape.parts) parts.push_back(of(part));
    return {{"anyOf", parts}};
  }

  Json field(const FieldShape& f) {
    Json j = of(f.shape);
    if (f.about.empty()) return j;
    // A $ref keeps its own description; beside it, the field's own is shown.
    if (j.contains("description")) j["title"] = j["description"];
    j["description"] = f.about;
    return j;
  }

  Json map(const Shape& shape) {
    Json j = {{"type", "object"}};
    if (!shape.open) j["additionalProperties"] = false;
    if (!shape.fields.empty()) j["properties"] = properties(shape.fields);
    if (const Json needed = required(shape.fields); !needed.empty()) j["required"] = needed;
    Json all = Json::array();
    for (const auto& keys : shape.exactly_one) all.push_back({{"oneOf", each_there(keys)}});
    for (const auto& keys : shape.at_least_one) all.push_back({{"anyOf", each_there(keys)}});
    for (const ShapeCase& c : shape.cases) all.push_back(of_case(c));
    if (!all.empty()) j["allOf"] = all;
    return j;
  }

  static Json each_there(const std::vector<std::string>& keys) {
    Json each = Json::array();
    for (const std::string& key : keys) each.push_back({{"required", Json::array({key})}});
    return each;
  }

  Json of_case(const ShapeCase& c) {
    Json when = {{"required", Json::array({c.key})}};
    if (!c.equals.empty()) when["properties"] = {{c.key, {{"const", c.equals}}}};
    Json then = Json::object();
    Json fields = properties(c.fields);
    for (const std::string& key : c.without) fields[key] = false;
    if (!fields.empty()) then["properties"] = fields;
    if (const Json needed = required(c.fields); !needed.empty()) then["required"] = needed;
    return {{"if", when}, {"then", then}};
  }

  Json properties(const std::vector<FieldShape>& fields) {
    Json j = Json::object();
    for (const FieldShape& f : fields) j[f.name] = field(f);
    return j;
  }

  static Json required(const std::vector<FieldShape>& fields) {
    Json needed = Json::array();
    for (const FieldShape& f : fields) {
      if (f.required) needed.push_back(f.name);
    }
    return needed;
  }

  Json definitions_ = Json::object();
};

}  // namespace

std::string scenario_schema() {
  SchemaWriter writer;
  Json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                 {"title", "A scenario of Seedbed"}};
  schema.update(writer.of(scenario_shape()));
  schema["$defs"] = writer.take_definitions();
  return schema.dump(2) + "\n";
}

}  // namespace seedbed
