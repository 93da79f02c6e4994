// Package chroma stands in for the real one, whose lexers for hundreds of languages take long to
// build: examples in Pulumi's help have no colours.
package chroma

// TokenType is a kind of word.
type TokenType int

// Those that styles name.
const (
	Text TokenType = iota
	Error
	Comment
	CommentPreproc
	Keyword
	KeywordReserved
	KeywordNamespace
	KeywordType
	Operator
	Punctuation
	Name
	NameBuiltin
	NameTag
	NameAttribute
	NameClass
	NameConstant
	NameDecorator
	NameException
	NameFunction
	NameOther
	Literal
	LiteralNumber
	LiteralDate
	LiteralString
	LiteralStringEscape
	GenericDeleted
	GenericEmph
	GenericInserted
	GenericStrong
	GenericSubheading
	Background
)

// StyleEntries are colours of kinds of words.
type StyleEntries map[TokenType]string

// Style has no colours.
type Style struct{}

// MustNewStyle forgets the colours.
func MustNewStyle(string, StyleEntries) *Style { return &Style{} }
