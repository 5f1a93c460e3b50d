// Opens TLS to a server, expects a host name, and trusts one authority: go run authority.go FILE ADDRESS NAME
package main

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
)

func main() {
	pem, err := os.ReadFile(os.Args[1])
	if err == nil {
		authorities := x509.NewCertPool()
		authorities.AppendCertsFromPEM(pem)
		_, err = tls.Dial("tcp", os.Args[2], &tls.Config{RootCAs: authorities, ServerName: os.Args[3]})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
