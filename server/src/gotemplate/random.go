package main

import (
	"math/rand"
	"strings"
)

const randomData = `{"s": "text", "e": "", "u": "é😀<&>'\"\u0000\n", "n": 3, "f": 1.5, "big": 1234567, "neg": -0.000012,
 "t": true, "no": false, "z": null, "l": ["b", "a", "c"], "ns": [1, 2.5, 3e20], "none": [], "ll": [[1], ["x", null]],
 "m": {"a": "x", "b": 1, "c": {"d": "deep"}}, "empty": {}, "nodes": [{"name": "n1", "ips": ["1", "2"]}, {"name": "n2", "ips": []}],
 "request": {"query": {"mac": "52:54:00:89:d8:10", "foo": "bar", "e": ""}, "raw_query": "mac=52-54&foo=bar"}}`

// generator makes templates that mostly parse.
type generator struct{ *rand.Rand }

func (g *generator) one(of ...string) string { return of[g.Intn(len(of))] }

func (g *generator) template() string {
	text := ""
	if g.Intn(2) == 0 {
		text = "{{$x := " + g.operand(0) + "}}{{$y := \"b\"}}"
	}
	switch g.Intn(8) {
	case 0, 1, 2:
		text += g.action(g.pipeline(1))
	case 3:
		text += g.action("printf " + g.format() + " " + g.operand(0) + " " + g.operand(0) + " 3")
	case 4, 5:
		text += g.node(1)
	case 6:
		text += g.node(2)
	default:
		text += g.nodes(2)
	}
	if g.Intn(12) == 0 {
		text = `{{define "x"}}` + g.nodes(1) + `{{end}}` + text
	}
	if g.Intn(25) == 0 && len(text) > 0 { // spoil it
		at := g.Intn(len(text))
		text = text[:at] + g.one("{{", "}}", "(", ")", ".", " ", "|", "-", "\"", "$", ",", ":=", "end", "1", "'", "_") + text[at+g.Intn(2):]
		text = strings.ToValidUTF8(text, "?")
	}
	return text
}

func (g *generator) nodes(depth int) string {
	text := ""
	for i := g.Intn(3) + 1; i > 0; i-- {
		text += g.node(depth)
	}
	return text
}

func (g *generator) open() string  { return g.one("{{", "{{", "{{", "{{ ", "{{- ") }
func (g *generator) close() string { return g.one("}}", "}}", "}}", " }}", " -}}") }

func (g *generator) action(text string) string { return g.open() + text + g.close() }

func (g *generator) node(depth int) string {
	kind := g.Intn(14)
	if depth <= 0 {
		kind = g.Intn(6)
	}
	switch kind {
	case 0, 1:
		return g.one("a", " ", "\n", "x y", " \n ", "é", "{", "}")
	case 2, 3, 4, 5:
		return g.action(g.pipeline(2))
	case 6:
		return g.action("$"+g.one("x", "y")+g.one(" := ", ":=", " = ")+g.pipeline(1)) + g.nodes(depth-1)
	case 7:
		return g.action("if "+g.pipeline(1)) + g.nodes(depth-1) + g.action("end")
	case 8:
		return g.action("if "+g.pipeline(1)) + g.nodes(depth-1) + g.action("else if "+g.pipeline(1)) + g.nodes(depth-1) + g.action("else") + g.nodes(depth-1) + g.action("end")
	case 9:
		return g.action("with "+g.one("", "", "$x := ")+g.pipeline(1)) + g.nodes(depth-1) + g.one("", g.action("else")+g.nodes(depth-1)) + g.action("end")
	case 10, 11:
		jump := g.one("", "", "", g.action("break"), g.action("continue"), g.action("if eq . \"a\"")+g.action(g.one("break", "continue"))+g.action("end"))
		return g.action("range "+g.one("", "", "$x := ", "$x, $y := ", "$x,$y:=")+g.one(".l", ".ns", ".none", ".m", ".nodes", ".ll", ".empty", ".request.query", ".z", "$.l", "$.nodes", g.pipeline(1))) +
			g.nodes(depth-1) + jump + g.one("", g.action("else")+g.nodes(depth-1)) + g.action("end")
	case 12:
		return g.action(`template "` + g.one("x", "x", "none") + `"` + g.one("", " .", " "+g.pipeline(1)))
	default:
		return g.action(`block "`+g.one("b", "c", "d")+g.one("1", "2", "3", "4")+`" `+g.pipeline(1)) + g.nodes(depth-1) + g.action("end")
	}
}

func (g *generator) pipeline(depth int) string {
	text := g.command(depth)
	for g.Intn(4) == 0 {
		text += g.one(" | ", "|", " |") + g.function(depth-1)
	}
	return text
}

func (g *generator) command(depth int) string {
	if g.Intn(3) == 0 {
		return g.operand(depth)
	}
	return g.function(depth)
}

func (g *generator) function(depth int) string {
	switch g.Intn(9) {
	case 0:
		return g.one("eq", "ne", "lt", "le", "gt", "ge") + " " + g.operand(depth) + " " + g.operand(depth)
	case 1:
		return g.one("eq", "and", "or", "index", "slice", "print", "println", "html", "js", "urlquery", "call") + " " + g.operand(depth) + " " + g.operand(depth) + " " + g.operand(depth)
	case 2:
		return g.one("not", "len", "print", "println", "html", "js", "urlquery", "eq", "index", "slice", "and", "or") + " " + g.operand(depth)
	case 3:
		return g.one("index", "slice") + " " + g.one(".l", ".s", ".u", ".m", ".ns", ".request.query", "$.l", "$.m", ".") + " " + g.one("0", "1", "2", "4", "-1", `"a"`, `"foo"`, `"nope"`, ".s", ".n") + g.one("", "", " 1", " 3", ` "d"`)
	case 4, 5:
		return "printf " + g.format() + g.one("", " "+g.operand(depth), " "+g.operand(depth)+" "+g.operand(depth), " "+g.operand(depth)+" "+g.operand(depth)+" "+g.operand(depth))
	case 6:
		return g.one("print", "println", "html", "js", "urlquery", "len", "not", "printf", "index")
	case 7:
		return g.one("len", "html", "js", "urlquery", "print") + " " + g.one(".u", ".l", ".m", ".request", ".s", ".z")
	default:
		return "print " + g.operand(depth) + " " + g.operand(depth) + " " + g.operand(depth) + " " + g.operand(depth)
	}
}

func (g *generator) operand(depth int) string {
	if depth > 0 && g.Intn(4) == 0 {
		return "(" + g.pipeline(depth-1) + ")" + g.one("", "", "", ".a")
	}
	return g.one(".", ".s", ".e", ".u", ".n", ".f", ".big", ".neg", ".t", ".no", ".z", ".l", ".ns", ".m", ".m.c.d", ".m.a", ".ll", ".nodes", ".name", ".ips", ".nope",
		".request.query.mac", ".request.query.foo", ".request", ".request.raw_query", "$", "$.s", "$.m.c", "$.l", "$x", "$x", "$y", "$x.a", "nil", "true", "false",
		"0", "1", "2", "3", "-1", "7", "255", "1.0", "3.0", "1.5", "1e3", "1e6", "0x1F", "0o17", "0b11", "017", "1_000", "'a'", "'é'", `'\n'`, "9223372036854775807",
		`"x"`, `"a"`, `"b"`, `""`, `"<a href='x'>&\"</a>"`, "`raw \\n`", `"\x41\u00e9\t"`, `"é"`, `"a b"`)
}

func (g *generator) format() string {
	text := ""
	for i := g.Intn(3); i >= 0; i-- {
		text += g.one("", "a", " ", "é", "|") + "%" + g.flags() + g.one("", "", "", "5", "12", "1", "0", "*", "[1]*", "[2]") +
			g.one("", "", "", ".2", ".0", ".", ".10", ".*", ".[2]*") + g.one("", "", "", "[1]", "[2]", "[9]", "[x]") +
			g.one("v", "v", "d", "s", "q", "x", "X", "t", "f", "e", "g", "G", "E", "F", "b", "o", "O", "c", "U", "T", "%", "z", "w", "é", "")
	}
	return "`" + text + "`"
}

func (g *generator) flags() string {
	flags := ""
	for g.Intn(3) == 0 {
		flags += g.one("#", "+", "-", " ", "0")
	}
	return flags
}
