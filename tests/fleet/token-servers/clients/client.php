<?php
// Calls Daraja through two token servers until the file STOP exists. If one does not answer, the other is asked.
$addresses = explode(' ', getenv('ADDRESSES'));
$token = null;
$tokenEnds = 0;

/** Gives the status and the answer of the first server that answers. The next request begins with that server. */
function ask(string $path, array $options): array
{
    global $addresses;
    foreach ($addresses as $_) {
        $curl = curl_init($addresses[0] . $path);
        curl_setopt_array($curl, $options + [CURLOPT_RETURNTRANSFER => true, CURLOPT_TIMEOUT => 3]);
        $answer = curl_exec($curl);
        if ($answer !== false) return [curl_getinfo($curl, CURLINFO_RESPONSE_CODE), json_decode($answer, true)];
        $addresses[] = array_shift($addresses);
    }
    return [0, []];
}

function call(int $number): int
{
    global $token, $tokenEnds;
    if (microtime(true) > $tokenEnds) {
        [$status, $granted] = ask('/oauth/v1/generate?grant_type=client_credentials', [
            CURLOPT_USERPWD => getenv('DARAJA_CONSUMER_KEY') . ':' . getenv('DARAJA_CONSUMER_SECRET'),
        ]);
        if ($status !== 200) return $status;
        $token = $granted['access_token'];
        $tokenEnds = microtime(true) + $granted['expires_in'] - 1;
    }
    return ask('/mpesa/b2b/v1/remittax', [
        CURLOPT_POSTFIELDS => json_encode(['call' => getenv('NAME') . "-$number"]),
        CURLOPT_HTTPHEADER => ["Authorization: Bearer $token", 'X-Process: ' . getenv('NAME')],
    ])[0];
}

$counts = ['calls' => 0, 'failures' => new ArrayObject(), 'longestMs' => 0];
while (!file_exists(getenv('STOP'))) {
    $began = microtime(true);
    $status = call(++$counts['calls']);
    $counts['longestMs'] = max($counts['longestMs'], (microtime(true) - $began) * 1000);
    if ($status !== 200) $counts['failures']["HTTP $status"] = ($counts['failures']["HTTP $status"] ?? 0) + 1;
    usleep(50000);
}
echo json_encode($counts), "\n";
