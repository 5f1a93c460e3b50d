// A typical Go client of Daraja: net/http, with the host in the code.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strconv"
)

const host = "https://sandbox.safaricom.co.ke"

func ask(method, path string, body []byte, sign func(*http.Request)) (map[string]any, error) {
	request, err := http.NewRequest(method, host+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	sign(request)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	answer := map[string]any{}
	return answer, json.NewDecoder(response.Body).Decode(&answer)
}

func main() {
	granted, err := ask("GET", "/oauth/v1/generate?grant_type=client_credentials", nil, func(request *http.Request) {
		request.SetBasicAuth(os.Getenv("DARAJA_CONSUMER_KEY"), os.Getenv("DARAJA_CONSUMER_SECRET"))
	})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	calls, _ := strconv.Atoi(os.Getenv("CALLS"))
	counts := map[string]int{"accepted": 0, "refused": 0, "failed": 0}
	for i := 0; i < calls; i++ {
		answer, err := ask("POST", "/mpesa/b2b/v1/remittax", []byte(`{"Amount":1}`), func(request *http.Request) {
			request.Header.Set("Authorization", fmt.Sprintf("Bearer %s", granted["access_token"]))
			request.Header.Set("Content-Type", "application/json")
		})
		switch {
		case err == nil && answer["errorCode"] == "404.001.03":
			counts["refused"]++
		case err == nil && answer["ResponseCode"] == "0":
			counts["accepted"]++
		default:
			fmt.Fprintln(os.Stderr, err, answer)
			counts["failed"]++
		}
	}
	_ = json.NewEncoder(os.Stdout).Encode(counts)
}
