// gotemplate records what Go's own text/template makes of templates, as matchbox calls it.
//
//	gotemplate FILE            renders every case of FILE and writes the results into it
//	gotemplate -random N SEED  prints N random cases with their results, in the same form
//
// FILE is a JSON list of {"data": {…}, "cases": [{"template": "…", "gives": "…" or "fails": "…"}]}.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"strconv"
	"text/template"
)

type oneCase struct {
	Template string  `json:"template"`
	Gives    *string `json:"gives,omitempty"`
	Fails    *string `json:"fails,omitempty"`
}

type group struct {
	Data  json.RawMessage `json:"data"`
	Cases []oneCase       `json:"cases"`
}

// data is the root as matchbox builds it: .request.query is a map of strings.
func data(raw json.RawMessage) map[string]interface{} {
	root := map[string]interface{}{}
	if err := json.Unmarshal(raw, &root); err != nil {
		panic(err)
	}
	if request, ok := root["request"].(map[string]interface{}); ok {
		if query, ok := request["query"].(map[string]interface{}); ok {
			labels := map[string]string{}
			for key, value := range query {
				labels[key] = value.(string)
			}
			request["query"] = labels
		}
	}
	return root
}

func render(text string, root map[string]interface{}) (string, error) {
	t, err := template.New("").Option("missingkey=error").Parse(text)
	if err != nil {
		return "", err
	}
	var out bytes.Buffer
	err = t.Execute(&out, root)
	return out.String(), err
}

func (c *oneCase) record(root map[string]interface{}) {
	c.Gives, c.Fails = nil, nil
	gives, err := render(c.Template, root)
	if err != nil {
		fails := err.Error()
		c.Fails = &fails
	} else {
		c.Gives = &gives
	}
}

func write(out *os.File, groups []group) {
	encoder := json.NewEncoder(out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(groups); err != nil {
		panic(err)
	}
}

func main() {
	if len(os.Args) == 4 && os.Args[1] == "-random" {
		count, _ := strconv.Atoi(os.Args[2])
		seed, _ := strconv.ParseInt(os.Args[3], 10, 64)
		random := &generator{rand.New(rand.NewSource(seed))}
		groups := []group{{Data: json.RawMessage(randomData)}}
		root := data(groups[0].Data)
		for i := 0; i < count; i++ {
			c := oneCase{Template: random.template()}
			c.record(root)
			groups[0].Cases = append(groups[0].Cases, c)
		}
		write(os.Stdout, groups)
		return
	}
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: gotemplate FILE | gotemplate -random N SEED")
		os.Exit(2)
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	var groups []group
	if err := json.Unmarshal(text, &groups); err != nil {
		panic(err)
	}
	for i := range groups {
		for j := range groups[i].Cases {
			groups[i].Cases[j].record(data(groups[i].Data))
		}
	}
	out, err := os.Create(os.Args[1])
	if err != nil {
		panic(err)
	}
	write(out, groups)
	if err := out.Close(); err != nil {
		panic(err)
	}
}
