<?php
/** A WordPress site in the database of the socket: `php wordpressSite.php SOCKET WAY ...` makes it, and prints who its users are. */
[, $socket] = $argv;
$ways = array_slice($argv, 2);
define('DB_NAME', 'wordpress');
define('DB_USER', 'root');
define('DB_PASSWORD', '');
define('DB_HOST', "localhost:$socket");
define('DB_CHARSET', 'utf8mb4');
define('DB_COLLATE', '');
define('WP_INSTALLING', true);
define('DISABLE_WP_CRON', true);
define('WP_HTTP_BLOCK_EXTERNAL', true);
define('ABSPATH', '/usr/share/wordpress/');
$table_prefix = 'wp_';
$_SERVER['HTTP_HOST'] = 'localhost';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_URI'] = '/';
error_reporting(E_ERROR);
require ABSPATH . 'wp-settings.php';
require ABSPATH . 'wp-admin/includes/upgrade.php';
add_filter('pre_wp_mail', fn() => true);

wp_install('A site', 'chief', 'chief@example.com', true, '', 'the password of the chief');

/** The hash of WordPress 6.8, which this WordPress does not make. */
function wp68($password) {
    $keyed = base64_encode(hash_hmac('sha384', trim($password), 'wp-sha384', true));
    return '$wp' . password_hash($keyed, PASSWORD_BCRYPT, ['cost' => 5]);
}

$made = [];
foreach (['phpass', 'wp68', 'md5'] as $kind) {
    foreach ($ways as $way) {
        // As it comes from a form: WordPress has put a backslash before the quotes.
        $typed = $kind === 'md5' ? "$kind fur $way 1" : "$kind für $way's 1";
        $posted = wp_slash($typed);
        $id = wp_insert_user(['user_login' => "$kind-$way", 'user_email' => "$kind-$way@example.com", 'user_pass' => $posted,
            'first_name' => 'Zoë', 'last_name' => 'O\'Neil', 'description' => "Two\nlines, \"quoted\"", 'role' => 'editor']);
        if ($kind === 'wp68') $wpdb->update($wpdb->users, ['user_pass' => wp68($posted)], ['ID' => $id]);
        if ($kind === 'md5') $wpdb->update($wpdb->users, ['user_pass' => md5($posted)], ['ID' => $id]);
        $made[] = ['id' => (string) $id, 'kind' => $kind, 'way' => $way, 'username' => "$kind-$way", 'password' => $typed,
            'signsInThere' => $kind === 'wp68' || !is_wp_error(wp_authenticate("$kind-$way", $posted))];
    }
}
echo json_encode($made);
